from django.conf import settings
from django.db import models


class Thread(models.Model):
    """A conversation of two. The same two may have several: each has a subject of its own."""

    starter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    guest = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    started = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    @property
    def members(self):
        return [self.starter, self.guest]


class Post(models.Model):
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["thread", "id"], name="post_by_thread")]

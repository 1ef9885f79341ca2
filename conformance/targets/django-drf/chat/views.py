import logging
from contextlib import contextmanager

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, transaction
from django.db.models import Q
from rest_framework import generics, mixins, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.renderers import JSONRenderer

from chat.models import Post, Thread
from chat.serializers import PostSerializer, ThreadSerializer

log = logging.getLogger(__name__)


def inbox(user_id):
    """The group that all sockets of a user are in."""
    return f"inbox.{user_id}"


class ThreadViewSet(mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    serializer_class = ThreadSerializer

    def get_queryset(self):
        mine = Q(starter=self.request.user) | Q(guest=self.request.user)
        return Thread.objects.filter(mine).select_related("starter", "guest")

    def perform_create(self, serializer):
        serializer.save(starter=self.request.user)


@contextmanager
def turn_in(thread):
    """Holds the thread until what is saved in it has been committed and published, so that both happen in one order,
    whichever process serves the next request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [thread.pk])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [thread.pk])


class PostList(generics.ListCreateAPIView):
    serializer_class = PostSerializer

    @property
    def thread(self):
        mine = Q(starter=self.request.user) | Q(guest=self.request.user)
        return get_object_or_404(Thread.objects.filter(mine), pk=self.kwargs["thread"])

    def get_queryset(self):
        return Post.objects.filter(thread=self.thread).select_related("author")

    def perform_create(self, serializer):
        thread = self.thread
        with turn_in(thread), transaction.atomic():
            post = serializer.save(thread=thread, author=self.request.user)
            transaction.on_commit(lambda: publish(thread, post))


def publish(thread, post):
    """To the one who did not write it."""
    to = thread.guest_id if post.author_id == thread.starter_id else thread.starter_id
    data = JSONRenderer().render(PostSerializer(post).data).decode()
    try:
        async_to_sync(get_channel_layer().group_send)(inbox(to), {"type": "post.created", "data": data})
    except Exception:  # it is saved: whoever misses it reads it later
        log.exception("not published: %s", post.pk)

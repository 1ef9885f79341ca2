from django.conf import settings
from django.db import migrations, models


def user_key(**more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", **more)


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Thread",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("started", models.DateTimeField(auto_now_add=True)),
                ("starter", user_key()),
                ("guest", user_key()),
            ],
            {"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField()),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("thread", models.ForeignKey("chat.Thread", models.CASCADE, related_name="posts")),
                ("author", user_key()),
            ],
            {"ordering": ["pk"]},
        ),
        migrations.AddIndex("Post", models.Index(fields=["thread", "id"], name="post_by_thread")),
        # The rows of the system before this one kept their ids, which were larger than a double can tell apart.
        migrations.RunSQL("ALTER SEQUENCE chat_post_id_seq RESTART WITH 9007199254740993", migrations.RunSQL.noop),
    ]

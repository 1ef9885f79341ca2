from django.contrib.auth.models import User
from rest_framework import serializers

from chat.models import Post, Thread


class ThreadSerializer(serializers.ModelSerializer):
    to = serializers.SlugRelatedField(slug_field="username", queryset=User.objects.all(), source="guest", write_only=True)
    members = serializers.SlugRelatedField(slug_field="username", many=True, read_only=True)

    class Meta:
        model = Thread
        fields = ["id", "to", "subject", "members", "started"]

    def validate_to(self, guest):
        if guest == self.context["request"].user:
            raise serializers.ValidationError("This is you.")
        return guest


class PostSerializer(serializers.ModelSerializer):
    author = serializers.SlugRelatedField(slug_field="username", read_only=True)
    content = serializers.CharField(max_length=4000)  # trimmed, as DRF does unless told otherwise

    class Meta:
        model = Post
        fields = ["id", "thread", "author", "content", "created"]
        read_only_fields = ["thread"]

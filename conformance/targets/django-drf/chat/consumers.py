from channels.generic.websocket import AsyncJsonWebsocketConsumer

from chat.views import inbox


class InboxConsumer(AsyncJsonWebsocketConsumer):
    """Server first, then the client asks for its inbox; what comes in after the answer is pushed."""

    async def connect(self):
        self.user = self.scope["user"]
        self.subscribed = False
        if not self.user.is_authenticated:
            await self.close()  # before accepting: answered 403
            return
        await self.accept()
        await self.send_json({"event": "hello", "data": {"user": self.user.username}})

    async def receive_json(self, content):
        event = content.get("event") if isinstance(content, dict) else None
        if event == "subscribe" and not self.subscribed:
            self.subscribed = True
            await self.channel_layer.group_add(inbox(self.user.pk), self.channel_name)
            await self.send_json({"event": "subscribed", "data": {"channel": "inbox"}})
        elif event == "ping":
            await self.send_json({"event": "pong"})
        else:
            await self.send_json({"event": "error", "data": {"message": "unknown event"}})

    async def disconnect(self, code):
        if self.subscribed:
            await self.channel_layer.group_discard(inbox(self.user.pk), self.channel_name)

    async def post_created(self, message):
        # The data is text inside the frame, as the REST side rendered it.
        await self.send_json({"event": "post.created", "channel": "inbox", "data": message["data"]})

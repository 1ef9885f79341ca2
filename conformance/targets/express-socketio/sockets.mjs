// The Socket.IO side, a process of its own: whoever is connected hears what the API published; nobody else ever does.
import { Server } from 'socket.io';
import { channel, redis, sessionKey } from './store.mjs';
import { serve } from './serve.mjs';

const sessions = redis();
// No subscription behind our back: after a lost link clients have to come again, so that they read what they missed.
const subscriber = redis({ autoResubscribe: false });
const io = new Server({ path: '/realtime', serveClient: false });
const chat = io.of('/chat');

chat.use(async (socket, next) => {
  const { token } = socket.handshake.auth;
  const me = typeof token === 'string' && (await sessions.get(sessionKey(token)).catch(() => null));
  if (!me) return next(new Error('unauthenticated'));
  socket.data.me = me;
  next();
});

let listening = false;

chat.on('connection', (socket) => {
  if (!listening) return socket.conn.close();
  socket.join(socket.data.me); // before anything is awaited: from the client's "connect" on it hears everything
  socket.emit('welcome', { you: socket.data.me });
});

subscriber.on('message', (from, text) => {
  const { to, message } = JSON.parse(text);
  // Both members: the author's other windows show it as well.
  chat.to(to).emit('message:new', { conversation: { id: message.conversationId }, message });
  chat.to(to).emit('conversation:touched', {
    id: message.conversationId,
    preview: message.text.slice(0, 80),
    at: message.sentAt,
  });
});

subscriber.on('ready', async () => {
  await subscriber.subscribe(channel);
  listening = true;
  begin();
});
subscriber.on('close', () => {
  listening = false;
  // Not disconnectSockets(): after that the stock client does not come again by itself.
  for (const socket of chat.sockets.values()) socket.conn.close();
});

let server;
function begin() {
  if (server) return;
  server = serve((req, res) => res.writeHead(404).end(), process.env.SOCKET_PORT, async () => {
    await io.close();
    subscriber.disconnect();
    sessions.disconnect();
  });
  io.attach(server);
}

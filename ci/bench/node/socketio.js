// An anchor of the benchmarks: a router from Redis to Socket.IO that emits into the room of a user.
// node socketio.js REDIS_SOCKET; the user is the query's `user`. Prints its port.
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const Redis = require('ioredis');

const redis = new Redis(process.argv[2]);
const server = createServer();
const io = new Server(server, { serveClient: false });

io.on('connection', async (socket) => {
  const { user } = socket.handshake.query;
  socket.join(user);
  await redis.subscribe(`chat:user:${user}`);
  socket.emit('ready', { user });
});
redis.on('message', (channel, payload) => {
  io.to(channel.slice('chat:user:'.length)).emit('message', JSON.parse(payload.slice(1)));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

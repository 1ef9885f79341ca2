// An anchor of the benchmarks: a router from Redis to plain WebSockets as one writes it with ws and ioredis.
// node ws.js REDIS_SOCKET; the user is the query's `user`. Prints its port.
const { createServer } = require('node:http');
const { WebSocketServer } = require('ws');
const Redis = require('ioredis');

const redis = new Redis(process.argv[2]);
const sockets = new Map();

const server = createServer();
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', async (socket, request) => {
  const user = new URL(request.url, 'http://localhost').searchParams.get('user');
  await redis.subscribe(`chat:user:${user}`);
  sockets.set(`chat:user:${user}`, socket);
  socket.send(JSON.stringify({ event: 'ready' }));
});
redis.on('message', (channel, payload) => {
  const socket = sockets.get(channel);
  if (socket) socket.send(JSON.stringify({ event: 'message', data: JSON.parse(payload.slice(1)) }));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

// What both processes do at their beginning and end: listen on loopback, tell start.mjs the port, stop when asked or
// when start.mjs is gone.
import { createServer } from 'node:http';

export function serve(app, port, close) {
  const server = createServer(app);
  server.listen(Number(port ?? 0), '127.0.0.1', () => process.send({ port: server.address().port }));
  const stop = async () => {
    setTimeout(() => process.exit(1), 5000).unref();
    server.close();
    server.closeAllConnections();
    await close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; start.mjs passes on what it wants
  return server;
}

// Starts the backend: tables, accounts, both processes. Prints one line of JSON with their addresses once both
// listen; stops on SIGTERM or Ctrl-C, and when one of them ends.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { database, prepare } from './store.mjs';

await prepare(Number(process.env.ACCOUNTS ?? 500));
await database.end();

const processes = ['api', 'sockets'].map((name) => {
  const child = fork(fileURLToPath(new URL(`${name}.mjs`, import.meta.url)), { stdio: ['ignore', 2, 2, 'ipc'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const port = new Promise((resolve) => child.once('message', (said) => resolve(said.port)));
  return { child, ended, port };
});

let stopping = false;
function stop() {
  stopping = true;
  for (const { child } of processes) child.kill('SIGTERM');
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
for (const { ended } of processes) {
  ended.then(() => {
    if (!stopping) process.exitCode = 1;
    stop();
  });
}

Promise.all(processes.map(({ port }) => port)).then(([api, sockets]) => {
  console.log(JSON.stringify({ api: `http://127.0.0.1:${api}`, sockets: `http://127.0.0.1:${sockets}` }));
});

// The stock socket.io-client, as an application would use it; one line on stdout for whatever it tells.
// node stock.mjs URL TOKEN [TRANSPORT,…]: without transports its own defaults. SIGUSR2 makes it disconnect.
import { io } from "socket.io-client";

const [url, token, transports] = process.argv.slice(2);
const say = (...words) => process.stdout.write(words.join(" ") + "\n");
const options = { auth: { token }, reconnectionDelay: 100, reconnectionDelayMax: 200 };
if (transports) options.transports = transports.split(",");

const socket = io(url, options);
socket.on("connect", () => say("connect", socket.io.engine.transport.name));
socket.on("connect_error", (error) => say("connect_error", error.message, JSON.stringify(error.data ?? null)));
socket.on("disconnect", (reason) => say("disconnect", reason));
socket.on("ready", (data) => say("ready", JSON.stringify(data)));
socket.on("message", (data) => say("message", JSON.stringify(data)));
socket.io.on("open", () => socket.io.engine.on("upgrade", (transport) => say("upgrade", transport.name)));
socket.io.on("ping", () => say("ping"));
socket.io.on("reconnect", () => say("reconnect"));
process.on("SIGUSR2", () => socket.disconnect());
setTimeout(() => process.exit(1), 60_000);

// Asks a gateway for every frame and answer that its AsyncAPI document tells of, with bytes of its own.
//   node sockets.mjs ask GATEWAY API     all that a healthy gateway says; ROLLCALL_SECRET signs the tokens
//   node sockets.mjs hold GATEWAY WHY    opens one socket of each kind, says "ready", ends when the gateway has ended all;
//     WHY is shutdown or loss: at a shutdown nobody waits for a poll that is not there yet
//   node sockets.mjs without GATEWAY     what a gateway says while it has no Redis
// Addresses are HOST:PORT. Every wait ends after ten seconds with an error.
import { createHmac } from "node:crypto";
import { connect } from "node:net";

const base64 = (text) => Buffer.from(text).toString("base64url");
function token(user, seconds = 600) {
  const signed = `${base64('{"alg":"HS256","typ":"JWT"}')}.${base64(JSON.stringify({ sub: user, exp: Math.floor(Date.now() / 1000) + seconds }))}`;
  return `${signed}.${createHmac("sha256", process.env.ROLLCALL_SECRET).update(signed).digest("base64url")}`;
}

// One connection; what comes is kept as a latin1 text.
class connection {
  constructor(address) {
    const [host, port] = address.split(":");
    this.kept = "";
    this.ended = false;
    this.socket = connect(Number(port), host);
    this.socket.on("data", (bytes) => ((this.kept += bytes.toString("latin1")), this.look?.()));
    for (const end of ["close", "error"]) this.socket.on(end, () => ((this.ended = true), this.look?.()));
  }
  write(text) {
    this.socket.write(Buffer.from(text, "latin1"));
    return this;
  }
  until(what, holds) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`never came: ${what}; only ${this.kept.slice(-300)}`)), 10000);
      this.look = () => {
        if (!holds()) return;
        clearTimeout(late);
        this.look = undefined;
        resolve(this);
      };
      this.look();
    });
  }
  has(text) {
    return this.until(text, () => this.kept.includes(text));
  }
  end() {
    return this.until("the end", () => this.ended);
  }
}

const ask = (address, line, fields = "", body = "") => {
  const sized = body ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : "";
  const made = new connection(address);
  made.socket.write(`${line} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${fields}${sized}\r\n${body}`);
  return made.end();
};
const body = (answer) => answer.kept.slice(answer.kept.indexOf("\r\n\r\n") + 4);

const upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const websocket = (address, target, fields = "") =>
  new connection(address).write(`GET ${target} HTTP/1.1\r\nHost: h\r\n${upgrade}${fields}\r\n`).has("\r\n\r\n");
// A masked frame; the mask is zero, so its text is its text.
function frame(first, text) {
  const size = text.length < 126 ? [128 + text.length] : [254, text.length >> 8, text.length & 255];
  return String.fromCharCode(first, ...size, 0, 0, 0, 0) + text;
}
const text = (packet) => frame(0x81, packet);
const close = frame(0x88, "\x03\xe8");
const bearer = (user, seconds) => `Authorization: Bearer ${token(user, seconds)}\r\n`;

const path = "/socket.io/?EIO=4&transport=";
const connect_packet = (user, seconds) => `40${JSON.stringify({ token: token(user, seconds) })}`;
const plain = async (address, user, seconds) => (await websocket(address, "/ws", bearer(user, seconds))).has('"ready"');
async function session(address, user, seconds) {
  const made = await websocket(address, `${path}websocket`);
  await made.has('"maxPayload"');
  return made.write(text(connect_packet(user, seconds))).has('["ready"');
}
async function polling(address) {
  const sid = /"sid":"([^"]+)"/.exec((await ask(address, `GET ${path}polling`)).kept)[1];
  const target = `${path}polling&sid=${sid}`;
  return {
    sid,
    post: (packets) => ask(address, `POST ${target}`, "Content-Type: text/plain;charset=UTF-8\r\n", packets),
    poll: () => ask(address, `GET ${target}`),
    async until(wanted) {
      for (let all = ""; ; ) {
        const answer = await this.poll();
        if (!answer.kept.startsWith("HTTP/1.1 200")) throw new Error(`never came: ${wanted}; ${all} ${answer.kept}`);
        all += body(answer) + "\x1e";
        if (all.includes(wanted)) return all;
        if (all.includes("\x1e2\x1e") || all.startsWith("2\x1e")) (all = ""), await this.post("3");
      }
    },
  };
}
async function joined_polling(address, user, seconds) {
  const made = await polling(address);
  await made.post(connect_packet(user, seconds));
  await made.until('42["ready"');
  return made;
}

async function plain_sockets(address, send) {
  await ask(address, "GET /ws", bearer("sock.alice"));
  await ask(address, "POST /ws", bearer("sock.alice") + upgrade.replace("Connection: Upgrade\r\n", ""), "x");
  for (const [target, fields] of [
    ["/ws", bearer("sock.alice").replace(/\w\r/, "!\r")],
    ["/ws", bearer("sock.alice") + "Origin: http://elsewhere.test\r\n"],
    [`/ws?access_token=${token("sock.bob")}`, bearer("sock.alice")],
  ]) {
    await websocket(address, target, fields);
  }
  await new connection(address).write(`GET /ws HTTP/1.1\r\nHost: h\r\n${upgrade.replace("dGhl", "!!!!")}\r\n`).has("\r\n\r\n");
  const bob = await plain(address, "sock.bob");
  await send();
  await bob.has('"event":"message"');
  await bob.write(frame(0x89, "are you there")).has("are you there");
  await bob.write(text("anything") + frame(0x82, "\xff") + close).end();
  for (const bytes of [text("x".repeat(5000)), frame(0x83, ""), text("\xff")]) {
    await (await plain(address, "sock.bob")).write(bytes).end();
  }
  await (await plain(address, "sock.carol", 2)).end();
}

async function engine_refusals(address) {
  for (const [line, fields, sent] of [
    ["GET /socket.io/?EIO=4&transport=carrier-pigeon"],
    ["GET /socket.io/?EIO=3&transport=polling"],
    [`POST ${path}polling`],
    [`GET ${path}polling&sid=nobody`],
    [`GET ${path}websocket`],
    [`GET ${path}polling`, "Origin: http://elsewhere.test\r\n"],
  ]) {
    await ask(address, line, fields, sent);
  }
  await (await polling(address)).post("x".repeat(5000));
  await (await polling(address)).post("9");
}

async function engine_by_polling(address, send) {
  const bob = await polling(address);
  await bob.post('40{"token":"forged"}\x1e40/elsewhere,{"token":"forged"}');
  await bob.until('44/elsewhere,');
  await bob.post(connect_packet("sock.bob"));
  await bob.until('42["ready"');
  await send();
  await bob.until('42["message"');
  await bob.until("2\x1e"); // the heartbeat
  await bob.post("3");
  await bob.post('42["said",1]\x1e431[]\x1e41');
  const held = bob.poll();
  await bob.post("1");
  await held;
  await (await joined_polling(address, "sock.carol", 2)).until("41\x1e1");
}

async function engine_upgrade(address) {
  const bob = await joined_polling(address, "sock.bob");
  const held = bob.poll();
  const over = await websocket(address, `${path}websocket&sid=${bob.sid}`);
  await over.write(text("2probe")).has("3probe");
  await held;
  await over.write(text("5")).has("\x81\x012"); // a ping over the WebSocket
  await over.write(text("3") + text('42["said",1]') + text("431[]") + text("41") + text("1")).end();
}

async function engine_by_websocket(address, send) {
  const bob = await session(address, "sock.bob");
  await send();
  await bob.has('42["message"');
  await bob.write(text('40/elsewhere,{"token":""}')).has("44/elsewhere,");
  await bob.write(close).end();
  const stranger = await websocket(address, `${path}websocket`);
  await stranger.write(text('40{"token":"forged"}')).has("44{");
  for (const bytes of [text("x".repeat(5000)), frame(0x83, ""), text("4\xff"), text("nonsense"), text('42["late"')]) {
    await (await session(address, "sock.bob")).write(bytes).end();
  }
  await (await session(address, "sock.carol", 2)).end();
}

const jobs = {
  async ask(address, api) {
    const json = "Content-Type: application/json\r\n" + bearer("sock.alice");
    const chat = JSON.parse(body(await ask(api, "POST /api/v1/chats/", json, '{"participant":"sock.bob"}'))).id;
    const send = () => ask(api, `POST /api/v1/chats/${chat}/messages/`, json, '{"body":"é😀\\u001e"}');
    await plain_sockets(address, send);
    await engine_refusals(address);
    await engine_by_polling(address, send);
    await engine_upgrade(address);
    await engine_by_websocket(address, send);
  },
  async hold(address, why) {
    const held = [await plain(address, "sock.bob"), await session(address, "sock.bob")];
    const bob = await joined_polling(address, "sock.bob");
    const poll = bob.until("1\x1e").catch((missed) => {
      if (why !== "shutdown") throw missed;
    });
    console.log("ready");
    await Promise.all([...held.map((one) => one.end()), poll]);
  },
  async without(address) {
    await websocket(address, "/ws", bearer("sock.bob"));
    await ask(address, `GET ${path}polling`);
  },
};
const [job, ...rest] = process.argv.slice(2);
await jobs[job](...rest);
process.exit(0);

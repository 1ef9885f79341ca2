// Holds recorded sockets to an AsyncAPI document. Runs with the packages of package.json beside it (npm ci).
//   node frames.mjs document ASYNCAPI OPENAPI       "valid", or what is wrong with the document itself
//   node frames.mjs frames ASYNCAPI FOLDER [PATCH]  JSON: {frames, seen, unseen, problems} of the connections that
//     recording_proxy wrote into the folder. PATCH changes the document first: {"/a/b": value}, null removes.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "yaml";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { answers, patched, requests, utf8 } from "./http.mjs";

// Refused before anything of the socket's is looked at: openapi.yaml tells of these.
const general = new Set([404, 408, 414, 431, 501]);
const opcodes = { 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong" };

// The messages and control frames in these bytes, as [{what, text}]; whatever breaks the framing ends the list as
// {what: "broken"}, bytes that are missing end it silently.
function frames(bytes, masked) {
  const all = [];
  const code = (i) => bytes.charCodeAt(i);
  let begun = null;
  for (let at = 0; at + 2 <= bytes.length; ) {
    const [first, second] = [code(at), code(at + 1)];
    const short = second & 127;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const start = at + 2 + extended + (second & 128 ? 4 : 0);
    if (start > bytes.length) break;
    let size = extended ? 0 : short;
    for (let i = 0; i < extended; ++i) size = size * 256 + code(at + 2 + i);
    if (start + size > bytes.length) break;
    let text = bytes.slice(start, start + size);
    if (second & 128) text = [...text].map((c, i) => String.fromCharCode(c.charCodeAt(0) ^ code(start - 4 + (i % 4)))).join("");
    at = start + size;
    const what = opcodes[first & 15];
    const whole = (first & 128) !== 0;
    if ((first & 112) !== 0 || !(second & 128) !== !masked) return [...all, { what: "broken" }];
    if ((first & 15) === 0 && begun) {
      begun.text += text;
      if (whole) all.push(begun), (begun = null);
    } else if (!what || begun !== null && (first & 15) < 8 || (!whole && (first & 15) >= 8)) {
      return [...all, { what: "broken" }];
    } else if (!whole) {
      begun = { what, text };
    } else {
      all.push({ what, text });
    }
  }
  return all;
}

const close_code = (text) => (text.length < 2 ? "none" : String(text.charCodeAt(0) * 256 + text.charCodeAt(1)));

class contract {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, strictTuples: false, allErrors: true });
    addFormats(this.ajv);
    const schemas = JSON.parse(JSON.stringify(document.components.schemas).replaceAll("#/components/schemas/", "contract#/definitions/"));
    this.ajv.addSchema({ $id: "contract", definitions: schemas });
    this.compiled = new Map();
    this.channels = Object.entries(document.channels).map(([name, channel]) => ({
      name,
      channel,
      send: this.messages(name, "send"),
      receive: this.messages(name, "receive"),
    }));
  }

  resolve(node) {
    while (node?.$ref) node = node.$ref.slice(2).split("/").reduce((at, key) => at[key], this.document);
    return node;
  }

  messages(channel, action) {
    return Object.values(this.document.operations)
      .filter((one) => one.action === action && one.channel.$ref === `#/channels/${channel}`)
      .flatMap((one) => one.messages.map(({ $ref }) => ({ name: $ref.split("/").at(-1), message: this.resolve({ $ref }) })))
      .filter(({ message }) => message);
  }

  against(schema, value) {
    const text = JSON.stringify(schema).replaceAll("#/components/schemas/", "contract#/definitions/");
    if (!this.compiled.has(text)) this.compiled.set(text, this.ajv.compile(JSON.parse(text)));
    const check = this.compiled.get(text);
    return check(value) ? "" : this.ajv.errorsText(check.errors);
  }

  // The name of the message that this packet is; else an Error that says what is wrong with it.
  name_of(among, text, polling) {
    const reasons = [];
    for (const { name, message } of among) {
      if (message[polling ? "x-websocket-only" : "x-polling-only"]) continue;
      if (message["x-text"] !== undefined) {
        if (message["x-text"] === text) return name;
        continue;
      }
      const prefix = message["x-prefix"] ?? "";
      if (!text.startsWith(prefix)) continue;
      let value;
      try {
        value = JSON.parse(text.slice(prefix.length));
      } catch {
        continue;
      }
      const wrong = this.against(message.payload, value);
      if (!wrong) return name;
      reasons.push(`${name}: ${wrong}`);
    }
    return new Error(`not documented: ${text.slice(0, 200)} ${reasons.join("; ")}`);
  }

  judge(sent, answered, problem, see) {
    const asked = requests(sent);
    const got = answers(answered, asked, problem);
    got.forEach((answer, i) => {
      const target = asked[i]?.target?.split("?")[0];
      const found = this.channels.find(({ channel }) => channel.address === target);
      if (!found) return;
      const told = (text) => problem(`${found.name}: ${text}`);
      const saw = (name) => see(`${found.name} ${name}`);
      if (answer.status === 101) {
        this.judge_frames(found, frames(sent.slice(asked[i].end), true), frames(answered.slice(answer.end), false), told, saw);
      } else if (answer.status === 200) {
        this.judge_poll(found, asked[i], answer, told, saw);
      } else {
        this.judge_refusal(found, answer, told, saw);
      }
    });
  }

  judge_refusal({ channel }, answer, problem, see) {
    const schema = channel["x-answers"]?.[answer.status];
    if (!schema) return general.has(answer.status) ? undefined : problem(`the status ${answer.status} is not documented`);
    if (answer.body === "") return; // to HEAD
    const wrong = this.against(schema, JSON.parse(utf8(answer.body)));
    if (wrong) problem(`${answer.status}: ${wrong}: ${answer.body}`);
    see(answer.status);
  }

  judge_poll({ send, receive }, asked, answer, problem, see) {
    const judged = (among, text) => {
      const name = this.name_of(among, text, true);
      if (name instanceof Error) problem(name.message);
      else see(name);
    };
    if (asked.method === "POST") utf8(asked.body).split("\x1e").forEach((packet) => judged(receive, packet));
    utf8(answer.body).split("\x1e").forEach((packet) => judged(send, packet));
  }

  judge_frames({ channel, send, receive }, said, told, problem, see) {
    const closed = said.find((one) => one.what === "close");
    for (const { what, text } of told) {
      if (what === "text") {
        const name = this.name_of(send, utf8(text), false);
        if (name instanceof Error) problem(name.message);
        else see(name);
      } else if (what === "close") {
        const code = close_code(text);
        const own = closed && close_code(closed.text) === code;
        if (!own && !(code in channel["x-closes"])) problem(`the close code ${code} is not documented`);
        if (!own) see(`close ${code}`);
      } else if (what !== "ping" && what !== "pong") {
        problem(`a ${what} frame is not documented`);
      }
    }
    // What the document does not let a client send has to end the session.
    const ended = told.some((one) => one.what === "close");
    for (const { what, text } of receive.length === 0 ? [] : said) {
      if (what !== "text") continue;
      const name = this.name_of(receive, utf8(text), false);
      if (!(name instanceof Error)) see(name);
      else if (!ended) problem(`the gateway took what is ${name.message}`);
    }
  }

  // Every documented message, close code and answer, by the names that judge() gives.
  all() {
    return this.channels.flatMap(({ name, channel, send, receive }) =>
      [
        ...[...send, ...receive].map((one) => one.name),
        ...Object.keys(channel["x-closes"]).map((code) => `close ${code}`),
        ...Object.keys(channel["x-answers"]),
      ].map((what) => `${name} ${what}`),
    );
  }
}

const jobs = {
  document(path, openapi) {
    const schema = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0.json");
    const ajv = new Ajv({ meta: false, strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    const document = parse(readFileSync(path, "utf8"));
    const check = ajv.compile(schema);
    const wrong = check(document) ? [] : check.errors.map((one) => `${one.instancePath}: ${one.message}`);
    // Both documents tell of the same Message.
    const of = ({ required, properties }) => JSON.stringify([required, Object.keys(properties)]);
    const other = parse(readFileSync(openapi, "utf8"));
    if (of(document.components.schemas.Message) !== of(other.components.schemas.Message)) wrong.push("openapi.yaml has another Message");
    console.log(wrong.length ? wrong.join("\n") : "valid");
  },
  frames(path, folder, patch = "{}") {
    const held = new contract(patched(parse(readFileSync(path, "utf8")), JSON.parse(patch)));
    const seen = {};
    const problems = [];
    const see = (name) => (seen[name] = (seen[name] ?? 0) + 1);
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".sent"))) {
      const read = (end) => readFileSync(join(folder, name.replace(/sent$/, end)), "latin1");
      held.judge(read("sent"), read("answered"), (text) => problems.push(text), see);
    }
    const all = held.all();
    const count = Object.values(seen).reduce((sum, one) => sum + one, 0);
    console.log(JSON.stringify({ frames: count, seen, unseen: all.filter((one) => !(one in seen)), problems: [...new Set(problems)] }));
  },
};
const [job, ...rest] = process.argv.slice(2);
await jobs[job](...rest);

// Holds recorded answers to an OpenAPI document. Runs with the packages of package.json beside it (npm ci).
//   node answers.mjs document OPENAPI               "valid", or what is wrong with the document itself
//   node answers.mjs answers OPENAPI FOLDER [PATCH] JSON: {answers, seen, unseen, problems} of the connections that
//     recording_proxy wrote into the folder. PATCH changes the document first: {"/a/b": value}, null removes.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { answers, patched, requests, utf8 } from "./http.mjs";

// What any answer may carry without being told of.
const general = new Set(["date", "content-type", "content-length", "connection"]);
// What is refused before the path is looked at.
const unread = { 400: "BadRequest", 408: "TooSlow", 413: "BodyTooLarge", 414: "TargetTooLong", 431: "HeadTooLarge", 501: "UnknownEncoding" };

class contract {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
    addFormats(this.ajv);
    const schemas = JSON.parse(JSON.stringify(document.components.schemas).replaceAll("#/components/schemas/", "contract#/$defs/"));
    this.ajv.addSchema({ $id: "contract", $defs: schemas });
    this.compiled = new Map();
    this.paths = Object.entries(document.paths).map(([template, item]) => ({
      template,
      item,
      form: new RegExp("^" + template.replaceAll(/\{[^}]+\}/g, "([1-9][0-9]*)").replace(/\/$/, "/?") + "$"),
    }));
  }

  resolve(node) {
    return node?.$ref ? node.$ref.slice(2).split("/").reduce((at, key) => at[key], this.document) : node;
  }

  // What Ajv has against a value; "" when it is as the schema says.
  against(schema, value) {
    const text = JSON.stringify(schema).replaceAll("#/components/schemas/", "contract#/$defs/");
    if (!this.compiled.has(text)) this.compiled.set(text, this.ajv.compile(JSON.parse(text)));
    const check = this.compiled.get(text);
    return check(value) ? "" : this.ajv.errorsText(check.errors);
  }

  // The documented response for an answer, and its name; null when there is none.
  response(asked, status) {
    const shared = (name) => ({ name: `components/${name}`, response: this.document.components.responses[name] });
    const target = asked?.target?.split("?")[0];
    const found = asked?.broken || target === undefined ? undefined : this.paths.find((one) => one.form.test(target));
    if (found) {
      const method = asked.method.toLowerCase();
      const operation = found.item[method === "head" ? "get" : method];
      if (!operation && status === 405) return shared("MethodNotAllowed");
      const response = this.resolve(operation?.responses[status]);
      return response ? { name: `${operation.operationId} ${status}`, response, operation, item: found.item } : null;
    }
    if (status in unread) return shared(unread[status]);
    return status === 404 && !asked?.broken ? shared("NotFound") : null;
  }

  judge(asked, answer, problem) {
    const found = this.response(asked, answer.status);
    if (!found) return problem("this status is not documented");
    const { response, operation, item } = found;
    for (const [name, told] of Object.entries(response.headers ?? {})) {
      const header = this.resolve(told);
      const value = answer.fields.get(name.toLowerCase());
      if (value === undefined) {
        if (header.required) problem(`${name} is missing`);
        continue;
      }
      const wrong = this.against(header.schema, value);
      if (wrong) problem(`${name}: ${value}: ${wrong}`);
    }
    const documented = new Set(Object.keys(response.headers ?? {}).map((name) => name.toLowerCase()));
    for (const name of answer.fields.keys()) {
      if (!general.has(name) && !documented.has(name)) problem(`the header ${name} is not documented`);
    }
    const type = answer.fields.get("content-type");
    const content = response.content?.[type];
    if (type !== undefined && !content) problem(`the media type ${type} is not documented`);
    if (type === undefined && response.content) problem("there is no Content-Type");
    if (content && asked?.method !== "HEAD") {
      let body;
      try {
        body = JSON.parse(utf8(answer.body));
      } catch {
        return problem("the body is not JSON");
      }
      const wrong = this.against(content.schema, body);
      if (wrong) problem(wrong);
      if (type === "application/problem+json" && body.status !== answer.status) problem(`the body says status ${body.status}`);
    }
    if (operation && answer.status < 300) this.judge_taken(asked, operation, item, problem);
    return found.name;
  }

  // What was taken has to be what the document lets a client send.
  judge_taken(asked, operation, item, problem) {
    const sent = operation.requestBody?.content["application/json"];
    const wrong = sent ? this.against(sent.schema, JSON.parse(utf8(asked.body))) : "";
    if (wrong) problem(`the server took a body that the document forbids: ${wrong}`);
    const query = new URLSearchParams(asked.target.split("?")[1] ?? "");
    for (const parameter of [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => this.resolve(one))) {
      const value = parameter.in === "query" ? query.get(parameter.name) : parameter.in === "header" ? asked.fields.get(parameter.name.toLowerCase()) : null;
      if (value === null || value === undefined) continue;
      const off = this.against(parameter.schema, parameter.schema.type === "integer" ? Number(value) : value);
      if (off) problem(`the server took ${parameter.name}=${value}, which the document forbids: ${off}`);
    }
  }

  // Every documented answer, by the names that judge() gives.
  all() {
    return this.paths.flatMap(({ item }) =>
      Object.values(item).flatMap((operation) => Object.keys(operation.responses ?? {}).map((status) => `${operation.operationId} ${status}`)),
    );
  }
}

const jobs = {
  async document(path) {
    const { Validator } = await import("@seriousme/openapi-schema-validator");
    const result = await new Validator().validate(readFileSync(path, "utf8"));
    console.log(result.valid ? "valid" : JSON.stringify(result.errors));
  },
  answers(path, folder, patch = "{}") {
    const held = new contract(patched(parse(readFileSync(path, "utf8")), JSON.parse(patch)));
    const seen = {};
    const problems = [];
    let count = 0;
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".sent"))) {
      const asked = requests(readFileSync(join(folder, name), "latin1"));
      const got = answers(readFileSync(join(folder, name.replace(/sent$/, "answered")), "latin1"), asked, (text) => problems.push(text));
      got.forEach((answer, i) => {
        const what = asked[i]?.broken || !asked[i] ? "a broken request" : `${asked[i].method} ${asked[i].target.slice(0, 80)}`;
        const key = held.judge(asked[i], answer, (text) => problems.push(`${what}: ${answer.status}: ${text}`));
        if (key) seen[key] = (seen[key] ?? 0) + 1;
        ++count;
      });
    }
    console.log(JSON.stringify({ answers: count, seen, unseen: held.all().filter((one) => !(one in seen)), problems }));
  },
};
const [job, ...rest] = process.argv.slice(2);
await jobs[job](...rest);

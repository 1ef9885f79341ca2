// Requests and answers of HTTP/1.1 out of recorded bytes (latin1 texts, one byte for each character).

export const utf8 = (binary) => Buffer.from(binary, "latin1").toString("utf8");

function head(bytes, at) {
  const end = bytes.indexOf("\r\n\r\n", at);
  if (end < 0) return null;
  const [first, ...lines] = bytes.slice(at, end).split("\r\n");
  const fields = lines.map((line) => [line.slice(0, line.indexOf(":")).trim().toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
  return { first, fields: new Map(fields), end: end + 4 };
}

// Each with `end`, where its bytes end; what is no request ends the list as {broken: true}.
export function requests(bytes) {
  const all = [];
  for (let at = 0; at < bytes.length; ) {
    const got = head(bytes, at);
    const line = got && /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(got.first);
    if (!line) return [...all, { broken: true }];
    const one = { method: line[1], target: line[2], fields: got.fields };
    at = got.end;
    if (got.fields.get("transfer-encoding") === "chunked") {
      one.body = "";
      for (let size = 1; size > 0; ) {
        const stop = bytes.indexOf("\r\n", at);
        size = parseInt(bytes.slice(at, stop), 16);
        if (stop < 0 || !(size >= 0)) return [...all, one];
        one.body += bytes.slice(stop + 2, stop + 2 + size);
        at = stop + 2 + size + 2;
      }
    } else {
      const size = Number(got.fields.get("content-length") ?? 0);
      one.body = bytes.slice(at, at + size);
      at += size;
    }
    one.end = at;
    all.push(one);
  }
  return all;
}

// Each with `end`; a 101 is the last one.
export function answers(bytes, asked, problem) {
  const all = [];
  for (let at = 0; at < bytes.length; ) {
    const got = head(bytes, at);
    if (!got) break; // cut off when the recording ended
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(got.first)?.[1]);
    at = got.end;
    if (status === 101) return [...all, { status, fields: got.fields, body: "", end: at }];
    if (status < 200) continue;
    const bodiless = status === 204 || asked[all.length]?.method === "HEAD";
    const size = bodiless ? 0 : Number(got.fields.get("content-length"));
    if (!(size >= 0)) return problem(`no Content-Length: ${got.first}`), all;
    if (at + size > bytes.length) break;
    at += size;
    all.push({ status, fields: got.fields, body: bytes.slice(at - size, at), end: at });
  }
  return all;
}

// The document with some of its places changed: {"/a/b": value}, null removes.
export function patched(document, patch) {
  for (const [pointer, value] of Object.entries(patch)) {
    const keys = pointer.slice(1).split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop();
    const parent = keys.reduce((at, key) => at[key], document);
    if (value === null && !(last in parent)) throw new Error(`${pointer} is not there`);
    if (value === null) delete parent[last];
    else parent[last] = value;
  }
  return document;
}

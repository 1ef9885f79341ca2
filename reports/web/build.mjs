// node build.mjs: bundles src/ into one HTML file and writes it as a C++ source. Everything lies in the folder that it
// is run in, which is a copy in the build folder; {{data}} is left for rollcall to fill.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.json"], { stdio: "inherit" });

const bundled = await build({
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  write: false,
  target: "es2020",
  format: "iife",
  charset: "utf8",
  legalComments: "none",
});
const styles = await build({
  stdin: { contents: '@import "uplot/dist/uPlot.min.css"; @import "./src/style.css";', loader: "css", resolveDir: "." },
  bundle: true,
  minify: true,
  write: false,
  target: "es2020",
  charset: "utf8",
});
const script = bundled.outputFiles[0].text.trim();
const style = styles.outputFiles[0].text.trim();
if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error("the bundle would end its own element");

// Nothing but these two blocks may run or style: not even what would break out of the data.
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
// uPlot's licence asks to travel with it.
const licences = readFileSync("node_modules/uplot/LICENSE", "utf8").trim().replaceAll("--", "- -");
const parts = { policy, style, script, licences };
const page = readFileSync("page.html", "utf8").replace(/\{\{(policy|style|script|licences)\}\}/g, (_, name) => parts[name]);
if (page.split("{{data}}").length !== 2) throw new Error("{{data}} must stand in the page once");
if (page.includes(")~page~")) throw new Error("the page holds the end of its own C++ literal");
writeFileSync("report.html", page);

const pieces = page.match(/[^]{1,8000}/gu).map((piece) => `R"~page~(${piece})~page~"`);
writeFileSync(
  "page.cpp",
  `#include "reports/html/page.hpp"\n\nnamespace reports {\n\nstd::string_view page_template() {\n  return ${pieces.join("\n")};\n}\n\n}  // namespace reports\n`,
);

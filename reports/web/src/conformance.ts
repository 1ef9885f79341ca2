// The conformance table: every requirement of the run, in the contract's order.
import type { Requirement, Run } from "./data";
import { h, numberCell, numberHead, table, word, type Child, type Tone } from "./dom";
import { grouped, milliseconds } from "./numbers";

export function conformance(run: Run): Child {
  if (run.requirements.length === 0) return null;
  return h(
    "section",
    null,
    h("h3", null, `Conformance: ${grouped(run.requirements.length)} cases`),
    table(
      "Conformance",
      ["Verdict", "Id", "Requirement", "Level", "Tier", numberHead("Trials"), numberHead("Time")],
      run.requirements.map(row),
      "conformance",
    ),
  );
}

function row(of: Requirement): HTMLElement {
  return h(
    "tr",
    null,
    h("td", null, word(of.verdict, tone(of.verdict))),
    h("td", { class: "id" }, of.id),
    h("td", { class: "wide" }, h("details", null, h("summary", null, of.title), h("p", null, of.text), seen(of))),
    h("td", null, of.level),
    h("td", null, of.gate === "" ? of.tier : `${of.tier}, ${of.gate}`),
    numberCell(of.trials.n === 0 ? "–" : grouped(of.trials.n)),
    numberCell(milliseconds(of.seconds * 1000)),
  );
}

function seen(of: Requirement): Child {
  if (of.checks.length === 0) return h("p", { class: "aside" }, of.verdict === "pass" ? "Judged by the ledger from the trace." : of.reason);
  return [
    h(
      "ul",
      { class: "checks" },
      of.checks.map((check) => h("li", null, word(check.ok ? "held" : "broken", check.ok ? "good" : "bad"), " ", check.what, ": ", h("span", { class: "seen" }, check.actual))),
    ),
    of.checks_in_all > of.checks.length && h("p", { class: "aside" }, `${grouped(of.checks_in_all - of.checks.length)} more checks in result.json`),
  ];
}

function tone(verdict: string): Tone {
  if (verdict === "pass") return "good";
  return verdict === "fail" || verdict === "error" ? "bad" : "open";
}

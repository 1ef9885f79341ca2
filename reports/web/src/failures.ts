// What failed: requirement, expected, actual, and how to see it again.
import type { Check, FindingClass, Requirement, Run } from "./data";
import { facts, h, word, type Child } from "./dom";
import { amount, grouped } from "./numbers";

const openAtFirst = 3; // more are folded
const shownOfEach = 3; // of observations that differ only in what was seen
const failing = ["fail", "error", "warning"];

export function failures(run: Run): Child {
  const failed = failing.flatMap((verdict) => run.requirements.filter((each) => each.verdict === verdict));
  const explained = failed.some((each) => each.verdict === "fail");
  const findings = explained ? [] : run.findings;
  // "lost = 0" is told by the findings themselves, where there are any.
  const told = new Set(findings.map((each) => `${each.kind} = 0`));
  const broken = run.load?.objectives.filter((each) => !each.ok && !(each.standing && told.has(each.text))) ?? [];
  if (failed.length === 0 && broken.length === 0 && findings.length === 0) return null;
  return h(
    "section",
    { class: "failures" },
    h("h3", null, "What failed"),
    broken.map((each) =>
      h(
        "article",
        { class: "failure" },
        h("h4", null, word("broken", "bad"), " ", h("code", null, each.text)),
        facts([
          ["Objective", each.standing ? "held by every load run" : "asked for with --slo"],
          ["Expected", each.text],
          ["Actual", h("strong", null, each.actual)],
        ]),
      ),
    ),
    failed.map((each, index) => failure(each, index < openAtFirst)),
    findings.map(findingClass),
    run.load && (broken.length > 0 || findings.length > 0) && h("p", null, "Again: ", h("code", { class: "command" }, run.command)),
  );
}

function failure(of: Requirement, open: boolean): HTMLElement {
  const pairs: [string, Child][] = [["Requirement", of.text]];
  for (const group of grouping(of.checks.filter((check) => !check.ok))) {
    const first = group[0]!;
    if (first.expected !== of.text || group.length === 1) pairs.push(["Looked at", first.what]);
    pairs.push(["Expected", first.expected]);
    pairs.push(["Actual", observations(group.map((check) => check.actual))]);
  }
  const shown = of.checks.filter((check) => !check.ok).length;
  if (of.broken_in_all > shown) pairs.push(["", `and ${grouped(of.broken_in_all - shown)} more in result.json`]);
  if (of.reason !== "") pairs.push(["Because", of.reason]);
  if (of.trials.failed > 0) {
    pairs.push(["Trials", `${amount(of.trials.failed, "finding", "findings")} from ${amount(of.trials.n, "trial", "trials")}`]);
  }
  if (of.likely_cause !== "" && of.verdict !== "error") pairs.push(["Likely", of.likely_cause]);
  if (of.reproduce !== "") pairs.push(["Again", h("code", { class: "command" }, of.reproduce)]);
  return h(
    "details",
    { class: "failure", open },
    h(
      "summary",
      null,
      h("h4", null, word(of.verdict, of.verdict === "fail" ? "bad" : "open"), " ", h("span", { class: "id" }, of.id), " ", of.title),
      h("span", { class: "aside" }, `${of.level}, ${of.tier}`),
    ),
    facts(pairs),
  );
}

/** Checks that looked at the same thing and expected the same, in the order of their first. */
function grouping(checks: Check[]): Check[][] {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const key = JSON.stringify([check.what, check.expected]);
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return [...groups.values()];
}

function observations(all: string[]): Child {
  if (all.length === 1) return h("span", { class: "seen" }, all[0]);
  const line = (text: string) => h("li", { class: "seen" }, text);
  const rest = all.slice(shownOfEach);
  return [
    h("ul", null, all.slice(0, shownOfEach).map(line)),
    rest.length > 0 &&
      h("details", { class: "more" }, h("summary", null, `${grouped(rest.length)} more like these`), h("ul", null, rest.map(line))),
  ];
}

/** The ledger's findings of one class. */
export function findingClass(of: FindingClass): HTMLElement {
  return h(
    "article",
    { class: "failure" },
    h("h4", null, word(of.kind, "bad"), ` ${grouped(of.count)}`, h("span", { class: "aside" }, " expected: none")),
    observations(of.shown.map((each) => each.sentence + proofOf(each.trace, each.proof))),
    of.count > of.shown.length && h("p", { class: "aside" }, `${grouped(of.shown.length)} of ${grouped(of.count)} are in this page; see result.json`),
  );
}

function proofOf(trace: string, proof: number[]): string {
  return trace === "" || proof.length === 0 ? "" : ` [${trace}: ${proof.join(", ")}]`;
}

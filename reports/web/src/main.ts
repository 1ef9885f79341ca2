// The page of a report: results in, document out. Runs once, keeps nothing, fetches nothing.
import { conformance } from "./conformance";
import { embedded, type Run } from "./data";
import { facts, h, type Child } from "./dom";
import { failures, findingClass } from "./failures";
import { load } from "./load";
import { grouped } from "./numbers";
import { unjudged } from "./unjudged";
import { overview, verdictLine } from "./verdict";

function generatorLine(run: Run): Child {
  if (run.load === null) return null;
  const { kept_up } = run.load.generator;
  return h("section", null, h("h3", null, "Did the generator keep up?"), h("p", { class: kept_up ? "" : "warned" }, run.generator),
    !run.load.coverage.enough && h("p", { class: "warned" }, run.load.coverage.problem));
}

/** The ledger's findings, when requirements that failed have told of them only one by one. */
function ledger(run: Run): Child {
  const told = run.requirements.some((each) => each.verdict === "fail");
  if (run.findings.length === 0 || !told) return null;
  return h("section", null, h("h3", null, "Findings of the ledger"), h("details", { class: "fold" },
    h("summary", null, run.findings.map((each) => `${grouped(each.count)} ${each.kind}`).join(", ")), run.findings.map(findingClass)));
}

function howItWasRun(run: Run): HTMLElement {
  const m = run.machine;
  return h("section", { class: "how" }, h("h3", null, "How it was run"), facts([
    ["Command", h("code", { class: "command" }, run.command)],
    ["Seed", run.seed],
    ["Folder", run.folder],
    ["Rollcall", `${run.versions.rollcall}, contract ${run.versions.contract}`],
    ["Machine", `${m.cpu}, ${m.cores} ${m.cores === 1 ? "core" : "cores"}, ${grouped(m.memory_mib)} MiB, ${m.kernel}`],
  ]));
}

function part(run: Run, index: number, several: boolean): HTMLElement {
  return h("article", { class: "run", id: `run-${index + 1}` },
    verdictLine(run, several ? "h2" : "h1"), failures(run), unjudged(run), generatorLine(run), conformance(run), load(run), ledger(run), howItWasRun(run));
}

function openAll(): void {
  for (const each of document.querySelectorAll("details")) each.open = true;
}

const { runs } = embedded();
const several = runs.length > 1;
document.title = `${runs.map((run) => `${run.headline} ${run.kind}`).join(", ")}: ${runs[0]?.target ?? ""}`;
document.body.replaceChildren(
  h("main", null, several && overview(runs), runs.map((run, index) => part(run, index, several))),
  h("footer", null, "Made by rollcall report. This file is complete: it loads nothing."),
);
window.addEventListener("beforeprint", openAll);

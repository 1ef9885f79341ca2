// The head of the page: each run's verdict in a word and a sentence.
import type { Run } from "./data";
import { h, word, type Tone } from "./dom";

export function toneOfRun(run: Run): Tone {
  if (run.verdict === "passed") return "good";
  return run.verdict === "findings" ? "bad" : "open";
}

export function verdictLine(run: Run, level: "h1" | "h2"): HTMLElement {
  return h(
    "header",
    { class: "verdict" },
    h(level, null, word(run.headline, toneOfRun(run)), h("span", { class: "what" }, run.kind, " ", h("bdi", null, run.target))),
    h("p", { class: "sentence" }, run.sentence),
    h("p", { class: "aside" }, `${run.started.replace("T", " ").replace("Z", " UTC")}, took ${run.took}`),
  );
}

/** The first lines of a report of several runs: one verdict each, with a link to its part. */
export function overview(runs: Run[]): HTMLElement {
  return h(
    "nav",
    { class: "overview", "aria-label": "The runs of this report" },
    h("h1", null, amountOfRuns(runs)),
    h(
      "ol",
      null,
      runs.map((run, index) =>
        h(
          "li",
          null,
          h("a", { href: `#run-${index + 1}` }, word(run.headline, toneOfRun(run)), " ", run.kind),
          h("span", { class: "where" }, h("bdi", null, run.target)),
          h("span", null, run.sentence),
        ),
      ),
    ),
  );
}

function amountOfRuns(runs: Run[]): string {
  const passed = runs.filter((run) => run.verdict === "passed").length;
  return passed === runs.length ? `All ${runs.length} runs passed` : `${passed} of ${runs.length} runs passed`;
}

// A load run in tables: objectives, what became of the messages, latencies, the generator's account of itself.
import { charts } from "./charts";
import type { Distribution, Load, Run } from "./data";
import { h, numberCell, numberHead, table, word, type Child } from "./dom";
import { grouped, milliseconds, percent, rate } from "./numbers";

export function load(run: Run): Child {
  const of = run.load;
  if (of === null) return null;
  return [
    h("section", null, h("h3", null, "Load"), h("p", null, run.plan, "."), charts(of)),
    h(
      "div",
      { class: "columns" },
      h("section", null, h("h3", null, "Objectives"), objectives(of)),
      h("section", null, h("h3", null, "What became of the messages"), counts(run, of)),
    ),
    h("section", null, h("h3", null, "Latencies"), latencies(of)),
    h("section", null, h("h3", null, "The generator"), generator(of)),
  ];
}

function objectives(of: Load): Child {
  if (of.objectives.length === 0) return h("p", { class: "aside" }, "None was judged.");
  return table(
    "Objectives",
    ["", "Objective", numberHead("Actual"), ""],
    of.objectives.map((each) =>
      h("tr", null, h("td", null, word(each.ok ? "kept" : "broken", each.ok ? "good" : "bad")), h("td", null, each.text), numberCell(each.actual), h("td", { class: "aside" }, each.standing ? "" : "--slo")),
    ),
  );
}

const names: Record<string, string> = {
  acked: "acknowledged",
  acked_by_retry: "of these, by a retry only",
  at_most_once: "neither owed nor forbidden: at most once",
  forbidden_checked: "shown to be absent where they must not be",
  forbidden_unproven: "not seen where they must not be, unproven",
  frames: "frames received",
  foreign: "frames that are not ours",
  walks: "whole reads of a history",
  in_history_checked: "looked for in history",
  in_history_unjudged: "not looked for in history",
  owed: "owed to a ready socket",
  delivered: "of these, delivered",
  announced: "missing, but announced by a close code",
  missed_in_warm_up: "missing, but sent within the declared warm-up of the socket",
  broadcast: "frames at users outside of the chat, as declared",
};

function counts(run: Run, of: Load): Child {
  const all: [string, number][] = [["recipient not connected", of.coverage.offline]];
  if (of.coverage.coming_or_going > 0) all.push(["recipient just coming or going: at most once", of.coverage.coming_or_going]);
  for (const [name, value] of Object.entries(run.counts)) {
    if (value > 0 || name === "unknown" || name === "refused") all.push([names[name] ?? name.replaceAll("_", " "), value]);
  }
  const first = all.findIndex(([name]) => name === "sent");
  if (first > 0) all.unshift(...all.splice(first, 1));
  return table("Messages", ["", numberHead("Number")], all.map(([name, value]) => h("tr", null, h("td", null, name), numberCell(grouped(value)))));
}

function latencies(of: Load): Child {
  const measured = of.latencies.filter((each) => each.from_intended.count > 0 || each.from_actual_start.count > 0);
  if (measured.length === 0) return h("p", { class: "aside" }, "Nothing was measured.");
  const row = (name: Child, clock: string, d: Distribution) =>
    h("tr", { class: name === "" ? "second" : "" }, h("td", null, name), h("td", null, clock), numberCell(grouped(d.count)),
      [d.p50_ms, d.p90_ms, d.p99_ms, d.p999_ms, d.max_ms, d.mean_ms].map((value) => numberCell(d.count === 0 ? "–" : milliseconds(value))));
  return [
    table(
      "Latencies",
      ["", "Counted from", numberHead("Count"), ...["p50", "p90", "p99", "p99.9", "Max", "Mean"].map(numberHead)],
      measured.flatMap((each) => [row(h("strong", null, each.name), "intended start", each.from_intended), row("", "actual start (for comparison)", each.from_actual_start)]),
    ),
    h("ul", { class: "aside notes" }, measured.map((each) => h("li", null, h("strong", null, each.name), ": ", each.meaning))),
    h("p", { class: "aside" }, "What users saw is counted from the intended start: a send that the generator or the target held up keeps its waiting time. A reply that never came stands at its deadline."),
  ];
}

function generator(of: Load): Child {
  const g = of.generator;
  const rows: [string, string][] = [
    ["sends intended", grouped(g.intended)],
    ["begun within 10 ms", grouped(g.on_time)],
    ["begun late", `${grouped(g.late)} (${percent(g.late_share)}, at most ${percent(g.late_share_limit)})`],
    ...Object.entries(g.not_sent).map(([reason, number]): [string, string] => [`not sent: ${reason}`, grouped(number)]),
    ["waited for a free connection", grouped(g.waited_for_connection)],
    ["lag of its loops at p99", `${milliseconds(g.lag_p99_ms)} (at most ${milliseconds(g.lag_limit_ms)})`],
    ["lag at most", milliseconds(g.lag_max_ms)],
    ["cores busy, all programs", `${rate(g.cores_busy)} of ${g.cores}`],
  ];
  return table("Generator", ["", numberHead("")], rows.map(([name, value]) => h("tr", null, h("td", null, name), numberCell(value))));
}

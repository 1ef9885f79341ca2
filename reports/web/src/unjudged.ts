// What a run does not claim: requirements that were not judged, or not as a plain pass, with the reason.
import type { Requirement, Run } from "./data";
import { h, word, type Child } from "./dom";

const verdicts = ["blocked", "inconclusive", "not run", "not claimed", "deviation", "known failure"];

export function unjudged(run: Run): Child {
  const rows = verdicts.flatMap((verdict) =>
    byReason(run.requirements.filter((each) => each.verdict === verdict)).map(([reason, those]) =>
      h(
        "li",
        null,
        word(verdict, "open"),
        h("span", { class: "ids" }, those.map((each, index) => [index > 0 && ", ", h("span", { class: "id", title: each.title }, each.id)])),
        reason !== "" && h("span", { class: "reason" }, reason),
      ),
    ),
  );
  if (rows.length === 0) return null;
  return h("section", null, h("h3", null, "Not claimed, not run, or not a plain pass"), h("ul", { class: "unjudged" }, rows));
}

function byReason(requirements: Requirement[]): [string, Requirement[]][] {
  const groups = new Map<string, Requirement[]>();
  for (const each of requirements) {
    const by = each.blocked_by !== "" ? `by ${each.blocked_by}` : "";
    const reason = [by, each.reason].filter((part) => part !== "").join(": ");
    groups.set(reason, [...(groups.get(reason) ?? []), each]);
  }
  return [...groups.entries()];
}

// The charts of a load run: what is shown, from which numbers. How it is drawn is plot.ts's.
import type { Distribution, Interval, Load } from "./data";
import { h, type Child } from "./dom";
import { clock, grouped, milliseconds, rate } from "./numbers";
import { plot, type Line, type Mark } from "./plot";

type Values = (number | null)[];

export function charts(of: Load): Child {
  const curves = percentileCurves(of);
  if (of.timeline.length === 0) {
    return [h("p", { class: "aside" }, "No timeline: the run ended before its first interval was over."), curves];
  }
  return h("div", { class: "charts" }, messages(of), online(of), latencyOverTime(of), curves);
}

function column(of: Load, value: (each: Interval) => number | null): Values {
  return of.timeline.map(value);
}

function times(of: Load): number[] {
  return of.timeline.map((each) => each.at);
}

/** Where sending stopped, when the timeline goes on through the drain. A run that was cut short stopped before its plan. */
function endOfLoad(of: Load): Mark | undefined {
  const last = of.timeline[of.timeline.length - 1]!.at;
  const sending = of.timeline.filter((each) => each.intended > 0);
  const stopped = sending.length === 0 ? 0 : sending[sending.length - 1]!.at + of.interval_seconds;
  const at = last >= of.plan.seconds ? of.plan.seconds : stopped;
  return at > 0 && at <= last ? { at, text: "end of the load" } : undefined;
}

function messages(of: Load): Child {
  const perSecond = (value: (each: Interval) => number) => column(of, (each) => value(each) / of.interval_seconds);
  const lines: Line[] = [
    { name: "intended", values: perSecond((each) => each.intended), colour: "--quiet", area: true },
    { name: "acknowledged", values: perSecond((each) => each.acknowledged), colour: "--first" },
    { name: "delivered", values: perSecond((each) => each.delivered), colour: "--second", dash: [5, 3] },
  ];
  if (of.timeline.some((each) => each.refused + each.unknown > 0)) {
    lines.push({ name: "refused or unknown", values: perSecond((each) => each.refused + each.unknown), colour: "--third", dash: [2, 3] });
  }
  return plot({
    title: "Messages per second",
    note: of.interval_seconds === 1 ? "" : `means of ${rate(of.interval_seconds)} s`,
    x: times(of), xText: clock, yText: rate, lines, group: "time", mark: endOfLoad(of),
  });
}

function online(of: Load): Child {
  const planned = of.plan.users * of.plan.online;
  const end = endOfLoad(of);
  return plot({
    title: "Users online", note: "ready sockets at the end of each interval",
    x: times(of), xText: clock, yText: grouped, whole: true, group: "time", mark: end,
    lines: [
      { name: "planned", values: column(of, (each) => (end && each.at >= end.at ? null : planned)), colour: "--quiet", dash: [2, 3] },
      { name: "online", values: column(of, (each) => each.online), colour: "--first" },
    ],
  });
}

function latencyOverTime(of: Load): Child {
  const lines: Line[] = [
    { name: "ack p50", values: column(of, (each) => each.ack?.p50_ms ?? null), colour: "--first", dash: [2, 3] },
    { name: "ack p99", values: column(of, (each) => each.ack?.p99_ms ?? null), colour: "--first" },
    { name: "delivery p50", values: column(of, (each) => each.delivery?.p50_ms ?? null), colour: "--second", dash: [2, 3] },
    { name: "delivery p99", values: column(of, (each) => each.delivery?.p99_ms ?? null), colour: "--second" },
  ];
  return plot({
    title: "Latency over time", note: "from the intended start",
    x: times(of), xText: clock, yText: milliseconds, lines, log: wantsLog(lines), group: "time", mark: endOfLoad(of),
  });
}

const colours: Record<string, string> = { ack: "--first", delivery: "--second", ready: "--third" };

/** x is the number of nines: 0 at p0, 1 at p90, 2 at p99. The maximum stands where half a sample would be. */
function percentileCurves(of: Load): Child {
  const shown = of.latencies.flatMap((each) => [
    { name: each.name, of: each.from_intended, colour: colours[each.name] ?? "--quiet", dash: undefined },
    { name: `${each.name}, actual start`, of: each.from_actual_start, colour: colours[each.name] ?? "--quiet", dash: [2, 3] },
  ]).filter((each) => each.of.curve.length > 0);
  if (shown.length === 0) return null;
  const points = shown.map((each) => new Map(each.of.curve.map(([p, ms]) => [nines(p, each.of), ms])));
  const x = [...new Set(points.flatMap((each) => [...each.keys()]))].sort((a, b) => a - b);
  const lines = shown.map((each, index): Line => ({ name: each.name, values: x.map((at) => points[index]!.get(at) ?? null), colour: each.colour, dash: each.dash, joined: true }));
  return plot({
    title: "Latency by percentile", note: "solid: from the intended start",
    x, xText: percentileText, xSplits: [0, 1, 2, 3, 4, 5, 6].filter((at) => at <= x[x.length - 1]!), yText: milliseconds, lines, log: wantsLog(lines),
  });
}

function nines(percentile: number, of: Distribution): number {
  const beyond = 1 - percentile / 100;
  return -Math.log10(Math.max(beyond, 1 / (2 * Math.max(of.count, 1))));
}

function percentileText(at: number): string {
  const percentile = 100 * (1 - 10 ** -at);
  return `p${Number(percentile.toFixed(Math.max(0, Math.ceil(at) - 2) + (Number.isInteger(at) ? 0 : 1)))}`;
}

/** A linear scale would press the usual latencies onto the axis when a few are far slower. */
function wantsLog(lines: Line[]): boolean {
  const values = lines.flatMap((line) => line.values).filter((value): value is number => value !== null && value > 0).sort((a, b) => a - b);
  const middle = values[Math.floor(values.length / 2)];
  return middle !== undefined && values[values.length - 1]! > 20 * middle;
}

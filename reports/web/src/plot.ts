// One chart: a figure with a title, a canvas drawn by uPlot, and a legend that shows the values under the cursor.
// The mouse or the arrow keys move the cursor; charts of one group move together. Colours come from the style sheet, so
// a chart is drawn again when the page turns dark or goes to the printer.
import uPlot from "uplot";
import { h } from "./dom";

export interface Line {
  name: string;
  values: (number | null)[];
  colour: string; // a custom property of the style sheet
  dash?: number[] | undefined;
  area?: boolean; // filled down to zero
  joined?: boolean; // over points that only other lines have
}

/** A line across the chart at one place of its x axis, and what it means in a word or two. */
export interface Mark {
  at: number;
  text: string;
}

export interface Plot {
  title: string;
  note: string;
  x: number[];
  xText: (value: number) => string;
  xSplits?: number[];
  yText: (value: number) => string;
  lines: Line[];
  log?: boolean;
  whole?: boolean; // values are counts: no ticks between two of them
  group?: string;
  mark?: Mark | undefined;
}

const height = 190;
const wholeSteps = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));

export function plot(of: Plot): HTMLElement {
  const place = h("div", { class: "plot", tabindex: 0, role: "img", "aria-label": `${of.title}. ${summary(of)}` });
  const note = [of.note, of.log ? "logarithmic scale" : ""].filter((part) => part !== "").join(", ");
  let drawn: uPlot | null = null;
  const draw = () => {
    drawn?.destroy();
    drawn = place.clientWidth > 0 ? new uPlot(options(of, place.clientWidth), [of.x, ...of.lines.map((line) => line.values)] as uPlot.AlignedData, place) : null;
  };
  new ResizeObserver(() => {
    if (drawn === null) draw();
    else if (drawn.width !== place.clientWidth) drawn.setSize({ width: place.clientWidth, height });
  }).observe(place);
  for (const query of ["(prefers-color-scheme: dark)", "print"]) window.matchMedia(query).addEventListener("change", draw);
  place.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || drawn === null) return;
    event.preventDefault();
    const at = Math.min(of.x.length - 1, Math.max(0, (drawn.cursor.idx ?? (step > 0 ? -1 : of.x.length)) + step));
    drawn.setCursor({ left: drawn.valToPos(of.x[at]!, "x"), top: 0 });
  });
  return h("figure", null, h("figcaption", null, h("strong", null, of.title), note !== "" && h("span", { class: "aside" }, note)), place);
}

/** What the lines say, for those who do not see them. */
function summary(of: Plot): string {
  const marked = of.mark ? ` Marked at ${of.xText(of.mark.at)}: ${of.mark.text}.` : "";
  return of.lines.map((line) => {
    const values = line.values.filter((value): value is number => value !== null);
    if (values.length === 0) return `${line.name}: no values.`;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return `${line.name}: mean ${of.yText(mean)}, at most ${of.yText(Math.max(...values))}.`;
  }).join(" ") + marked;
}

function options(of: Plot, width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.getPropertyValue("--text").trim()}`;
  const axis = { stroke: colour("--aside"), font, grid: { stroke: colour("--rule"), width: 1 }, ticks: { show: false } };
  const textOrDash = (text: (value: number) => string) => (_: uPlot, value: number | null) => (value === null || value === undefined ? "–" : text(value));
  return {
    width,
    height,
    padding: [of.mark ? 18 : 8, 18, 0, 0],
    cursor: { drag: { x: false, y: false }, points: { size: 6 }, ...(of.group ? { sync: { key: of.group } } : {}) },
    legend: { live: true, markers: { width: 2, dash: (_, index) => (of.lines[index - 1]?.dash ? "dashed" : "solid") } },
    scales: { x: { time: false }, y: { distr: of.log ? 3 : 1, range: of.log ? logRange : linearRange } },
    axes: [
      { ...axis, size: 26, values: (_, splits) => splits.map(of.xText), ...(of.xSplits ? { splits: of.xSplits } : { incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400] }) },
      { ...axis, size: 58, ...(of.whole ? { incrs: wholeSteps } : {}), values: (_, splits) => splits.map((value) => (value === null ? "" : of.yText(value))) },
    ],
    hooks: { draw: of.mark ? [drawMark(of.mark, colour("--aside"), style.getPropertyValue("--text").trim())] : [] },
    series: [
      { label: "", value: textOrDash(of.xText) },
      ...of.lines.map((line): uPlot.Series => ({
        label: line.name,
        stroke: colour(line.colour),
        width: line.area ? 1 : 1.5,
        points: { show: of.x.length < 3 },
        spanGaps: line.joined ?? false,
        value: textOrDash(of.yText),
        ...(line.dash ? { dash: line.dash } : {}),
        ...(line.area ? { fill: colour("--area") } : {}),
      })),
    ],
  };
}

/** The word stands above the chart, where no line runs through it. */
function drawMark(mark: Mark, colour: string, family: string): (of: uPlot) => void {
  return (of) => {
    const { ctx, bbox } = of;
    const x = Math.round(of.valToPos(mark.at, "x", true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([4 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = `${11 * uPlot.pxRatio}px ${family}`;
    ctx.textAlign = x > bbox.left + bbox.width / 2 ? "right" : "left";
    ctx.textBaseline = "bottom";
    ctx.fillText(mark.text, x, bbox.top - 3 * uPlot.pxRatio);
    ctx.restore();
  };
}

function linearRange(_: uPlot, _least: number, most: number): [number, number] {
  return [0, most > 0 ? most * 1.08 : 1];
}

function logRange(_: uPlot, least: number, most: number): [number, number] {
  return [10 ** Math.floor(Math.log10(Math.max(least, 0.01))), 10 ** Math.ceil(Math.log10(Math.max(most, 0.1)))];
}

// What others make of a run's files. Runs with the packages of package.json beside it (npm ci).
//   node foreign.mjs describe LOG          the intervals of a .hlog as JSON, read by hdr-histogram-js
//   node foreign.mjs record VALUES LOG     a .hlog of one interval, written by hdr-histogram-js; VALUES: JSON [[value, count], …]
//   node foreign.mjs validate SCHEMA FILE  "valid", or what Ajv has against the document
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const text = (path) => readFileSync(path, "utf8");
const levels = [0, 1, 25, 50, 75, 90, 99, 99.9, 99.99, 100];

function curve(histogram) {
  const points = [];
  const iterator = histogram.percentileIterator;
  iterator.reset(5);
  while (iterator.hasNext()) {
    const point = iterator.next();
    points.push([point.percentileLevelIteratedTo, point.valueIteratedTo]);
  }
  return points;
}

function describe(path) {
  const { HistogramLogReader } = require("hdr-histogram-js");
  const reader = new HistogramLogReader(text(path), 64);
  const intervals = [];
  for (let one = reader.nextIntervalHistogram(); one; one = reader.nextIntervalHistogram()) {
    intervals.push({
      tag: one.tag,
      start_ms: one.startTimeStampMsec,
      end_ms: one.endTimeStampMsec,
      count: one.totalCount,
      mean: one.mean,
      max: one.maxValue,
      percentiles: levels.map((level) => [level, one.getValueAtPercentile(level)]),
      curve: curve(one),
    });
  }
  console.log(JSON.stringify(intervals));
}

function record(values, path) {
  const { build, HistogramLogWriter } = require("hdr-histogram-js");
  const histogram = build({ bitBucketSize: 64, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 });
  for (const [value, count] of JSON.parse(text(values))) {
    histogram.recordValueWithCount(value, count);
  }
  histogram.tag = "foreign";
  let log = "";
  const writer = new HistogramLogWriter((line) => (log += line));
  writer.outputLogFormatVersion();
  writer.outputStartTime(1_700_000_000_000);
  writer.outputLegend();
  writer.outputIntervalHistogram(histogram, 3, 4.5);
  writeFileSync(path, log);
}

function validate(schema, path) {
  const Ajv = require("ajv/dist/2020");
  const ajv = new Ajv.default({ strict: true, allowUnionTypes: true, allErrors: true });
  const valid = ajv.validate(JSON.parse(text(schema)), JSON.parse(text(path)));
  console.log(valid ? "valid" : ajv.errorsText());
}

const [job, ...rest] = process.argv.slice(2);
({ describe, record, validate })[job](...rest);

// What rollcall puts into the page: made by reports/html/page_data.cpp, from results of schema rollcall.result/1.
// All text in it was made visible there (no control characters, no marks that turn the direction of writing).

export interface Check {
  what: string;
  expected: string;
  actual: string;
  ok: boolean;
}

export interface Requirement {
  id: string; // with its variant
  title: string;
  text: string;
  level: string;
  tier: string;
  gate: string;
  verdict: string;
  reason: string;
  trials: { n: number; failed: number };
  checks: Check[];
  checks_in_all: number; // those that are not in `checks` stand in result.json
  broken_in_all: number;
  likely_cause: string;
  reproduce: string;
  seconds: number;
  blocked_by: string;
}

export interface Finding {
  sentence: string;
  trace: string;
  proof: number[];
}

export interface FindingClass {
  kind: string;
  count: number;
  shown: Finding[]; // the first ones
}

export interface Distribution {
  count: number;
  mean_ms: number;
  p50_ms: number;
  p90_ms: number;
  p99_ms: number;
  p999_ms: number;
  max_ms: number;
  curve: [percentile: number, milliseconds: number][];
}

export interface Latency {
  name: string;
  meaning: string;
  from_intended: Distribution;
  from_actual_start: Distribution;
}

export interface IntervalLatency {
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
}

export interface Interval {
  at: number;
  intended: number;
  sent: number;
  acknowledged: number;
  refused: number;
  unknown: number;
  delivered: number;
  online: number;
  ack: IntervalLatency | null;
  delivery: IntervalLatency | null;
}

export interface Load {
  plan: { users: number; online: number; rate: number; seconds: number; session_seconds: number; workers: number; cells: number };
  generator: {
    intended: number;
    on_time: number;
    late: number;
    not_sent: Record<string, number>;
    late_share: number;
    late_share_limit: number;
    lag_p99_ms: number;
    lag_max_ms: number;
    lag_limit_ms: number;
    cores_busy: number;
    cores: number;
    waited_for_connection: number;
    kept_up: boolean;
  };
  coverage: { sent: number; owed: number; uncertain: number; offline: number; coming_or_going: number; enough: boolean; problem: string };
  objectives: { text: string; actual: string; ok: boolean; standing: boolean }[];
  latencies: Latency[];
  interval_seconds: number;
  timeline: Interval[];
}

export interface Run {
  folder: string;
  headline: string; // "PASS", "FAIL", …
  verdict: string; // "passed", "findings", …
  kind: string; // "conform gate"
  target: string; // "shop-chat@4f2c1e9 127.0.0.1:8080"
  sentence: string;
  generator: string; // whether it kept up, in a sentence; empty without a load
  plan: string; // of the load, in a phrase
  started: string;
  took: string;
  seed: string;
  command: string;
  versions: { rollcall: string; contract: string };
  machine: { cpu: string; cores: number; memory_mib: number; kernel: string; open_files: number };
  requirements: Requirement[];
  counts: Record<string, number>;
  findings: FindingClass[];
  load: Load | null;
}

export interface Report {
  runs: Run[];
}

export function embedded(): Report {
  return JSON.parse(document.getElementById("rollcall-data")!.textContent!) as Report;
}

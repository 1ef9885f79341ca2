// The exit codes of every command, and which one a run's verdict has. Precedence when several hold: interrupted,
// internal, usage, findings, target, inconclusive, nothing checked, passed. Pure.
#pragma once

#include "harness/record/result.hpp"

namespace record {

enum class exit_code : int {
  passed = 0,           // everything asked for was judged and held
  findings = 1,         // a MUST failed, or a ledger rule or an objective broke
  usage = 2,            // bad flag, target file, scenario or baseline
  target = 3,           // unreachable, or broke down before anything failed
  inconclusive = 4,     // too much was uncertain, after retries
  nothing_checked = 5,  // the selection matched nothing, or nothing of it ran
  internal = 70,        // our own fault
  interrupted = 130,    // Ctrl-C; the report is written
  terminated = 143,     // SIGTERM; the report is written
};

constexpr exit_code exit_code_of(run_verdict verdict) {
  switch (verdict) {
    case run_verdict::passed:
      return exit_code::passed;
    case run_verdict::findings:
      return exit_code::findings;
    case run_verdict::usage:
      return exit_code::usage;
    case run_verdict::target:
      return exit_code::target;
    case run_verdict::inconclusive:
      return exit_code::inconclusive;
    case run_verdict::nothing_checked:
      return exit_code::nothing_checked;
    case run_verdict::internal:
      return exit_code::internal;
    case run_verdict::interrupted:
      return exit_code::interrupted;
  }
  return exit_code::internal;
}

}  // namespace record

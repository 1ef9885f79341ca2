// The report as JUnit XML, for CI systems that show tests. Pure.
//
// One test suite for each run; one test case for each requirement, each objective of a load, and what else decides:
// whether the generator kept up, whether enough was judged, the run itself. Told apart:
//   failure  the target broke a requirement, an objective or a rule of the ledger
//   error    no verdict: inconclusive, an error of Rollcall, a target that went away, an interrupted run
//   skipped  with its reason: not claimed, not run, blocked, warning, deviation, known failure
// A run whose verdict is not "passed" always holds at least one failure or error.
#pragma once

#include "reports/run.hpp"

#include <span>
#include <string>

namespace reports {

std::string junit(std::span<const run> runs);

}  // namespace reports

// What a worker tells of its ledger: counts and the first findings of each class for the result, and every finding and
// open question that was kept, by name, in files of the run's folder: findings-N.jsonl and open-N.jsonl; and
// under traces/ the events around each finding of the result.
#pragma once

#include "harness/ledger/live/live_ledger.hpp"
#include "loadgen/users/crowd.hpp"
#include "loadgen/users/report_lines.hpp"
#include "loadgen/users/worker_plan.hpp"

#include <cstdint>

namespace loadgen {

// Everything is counted; so much is kept by name.
inline constexpr ledger::live_limits kept_limits{.findings = 20'000, .questions = 100'000};
// Of each class, in the result itself.
inline constexpr std::size_t shown_findings = 100;

// Of all classes together, so far.
std::uint64_t ledger_findings(const ledger::live_ledger& of);

// Fills in `out` what the ledger knows at the end, and writes the files. Throws std::runtime_error when they cannot be
// written.
void report_ledger(const ledger::live_ledger& of, const ledger::rules& declared, const crowd& in,
                   const worker_plan& plan, final_report& out);

}  // namespace loadgen

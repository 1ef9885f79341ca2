// From the ledger's verdict to what a result keeps of it: named counts and findings in words. Pure.
#pragma once

#include "harness/ledger/trace.hpp"
#include "harness/ledger/verdict.hpp"
#include "harness/record/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace record {

// The counts by name, in their fixed order.
std::vector<std::pair<std::string, std::uint64_t>> named_counts(const ledger::counts& of);

// `trace_file`: the name under which the trace lies in the run directory, for the findings; may be empty.
ledger_summary summarise(const ledger::verdict& of, const ledger::trace& in, std::string_view trace_file = {});

// Adds the counts and findings of one worker to those of a run.
void add(ledger_summary& sum, const ledger_summary& more);

}  // namespace record

// What a load run says of itself, from what its workers counted: did the generator keep to its plan, was enough judged,
// were the objectives kept. Pure.
#pragma once

#include "harness/record/load_result.hpp"
#include "loadgen/run/objective.hpp"
#include "loadgen/users/report_lines.hpp"

#include <cstdint>
#include <vector>

namespace loadgen {

// late_share_limit and lag_limit_ms say when it did not keep up.
record::generator_audit audit(const final_report& of, double late_share_limit, double lag_limit_ms, double cores_busy,
                              std::uint32_t cores);

record::coverage cover(const final_report& of, double owed_share_limit, std::uint64_t owed_limit);

// A latency that nothing was recorded for breaks its objective: what was not measured is not kept.
record::objective judge(const objective& of, const final_report& by);

// Whether it speaks of time, which a generator that did not keep up distorts.
bool is_latency(const objective& of);

std::vector<record::latency> describe_latencies(const final_report& of);

// One of the ledger's counts by name; 0 when there is none.
std::uint64_t count_of(const record::ledger_summary& in, std::string_view name);

}  // namespace loadgen

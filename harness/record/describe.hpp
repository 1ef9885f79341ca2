// From a histogram of microseconds to what a result says about it, in milliseconds. Pure.
#pragma once

#include "harness/record/histogram.hpp"
#include "harness/record/load_result.hpp"

#include <optional>

namespace record {

distribution describe(const histogram& of);

// The few numbers of one interval of a timeline; nothing when nothing ended in it.
std::optional<interval_latency> describe_interval(const histogram& of);

}  // namespace record

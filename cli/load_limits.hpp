// Whether a load may be put on a target: freely on one that is on this machine, else within its owner's word.
#pragma once

#include "harness/client/target/target.hpp"
#include "loadgen/users/worker_plan.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace cli {

/// Nothing when it may; else one line that says what the target file must allow. Resolves names, contacts nothing.
/// `reached`: the target as packets find it, which decides where it is.
std::optional<std::string> not_allowed(const client::target& target, const loadgen::worker_plan& plan,
                                       std::chrono::year_month_day today, const client::target& reached);

}  // namespace cli

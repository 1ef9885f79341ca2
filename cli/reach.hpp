// Whether a target answers at all: what tells "your server is down" from a finding.
#pragma once

#include "harness/client/target/target.hpp"
#include "harness/client/transport/options.hpp"
#include "harness/record/result.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace cli {

/// Asks every base and socket URL until each has given some HTTP answer, at least once and for at most `wait`. Nothing
/// when all did, else what the first silent one said. Blocking.
std::optional<std::string> unreachable(const client::target& target, std::chrono::milliseconds wait,
                                       const client::transport::options& connections = {});

/// A run that found nothing but could not conclude, on a target that no longer answers: the target broke down. Changes
/// the verdict and exit code.
void settle_target(record::result& result, const client::target& target,
                   const client::transport::options& connections = {});

}  // namespace cli

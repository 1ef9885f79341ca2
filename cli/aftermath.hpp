// What becomes of what a run made on the target: removed by the cleanup steps of the target file, or named in a line.
#pragma once

#include "cli/interruption.hpp"
#include "cli/prepared_run.hpp"
#include "harness/client/cleanup/cleaning.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// Nothing when the target is on this machine, or its owner's word (where there is one) names its hosts and is not
/// over; else why nothing may be sent to it.
std::optional<std::string> not_allowed_there(const client::target& target,
                                             const client::transport::options& connections);

/// Runs the steps for at most so long, or until an interruption, which is left pending. Blocking.
client::cleanup::outcome clean(const client::target& target, std::vector<client::created_thing> things,
                               const client::transport::options& connections, const std::string& agent,
                               std::chrono::milliseconds limit, const interruption& interrupt,
                               std::function<void(const client::created_thing&)> on_removed);

/// "cleaned up: 12 chats, 2 of them gone already", "left on the target: 3 chats: …"; each empty when there is nothing
/// of the kind.
std::string removed_line(const client::cleanup::outcome& of);
std::string left_line(const client::cleanup::outcome& of);

/// After the run's folder got its name: removes what the run made and says what is left, on standard output (on
/// standard error where that is for one line or for JSON). Nothing for the private stack. Takes a minute at most, ten
/// seconds when the run was interrupted.
void clean_up_after(const prepared_run& run, const run_flags& flags, bool interrupted, const interruption& interrupt);

}  // namespace cli

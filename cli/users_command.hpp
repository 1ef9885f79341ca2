// The program that a target file names for its users (users.command): it may run only where the person at the command
// line said so, since it does what it likes with this machine. Blocking, before a run starts.
#pragma once

#include "cli/interruption.hpp"
#include "cli/target_choice.hpp"
#include "harness/client/target/target.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace cli {

void add_allow_commands(CLI::App& command, bool& allowed);

/// Throws usage_error when the target's users come from a command and none is allowed.
void insist_on_leave(const target_choice& choice, const client::target& target, bool allowed);

/// Runs it in the target file's folder and gives what it printed; nothing for a target without one. Its standard error
/// is ours. At the limit, or by Ctrl-C or SIGTERM, it is killed with all its children. Throws usage_error when it
/// cannot be started, fails, takes too long or prints more than 64 MiB; command_error when interrupted, which takes the
/// signal.
std::optional<std::string> printed_users(const target_choice& choice, const client::target& target,
                                         const interruption& interrupt,
                                         std::chrono::milliseconds limit = std::chrono::minutes(1));

}  // namespace cli

// The doctor's first steps before a run: a target file that is wrong, or a target that cannot be worked with, is one
// sentence and an exit code, not a finding in every requirement.
#pragma once

#include "cli/interruption.hpp"
#include "cli/target_choice.hpp"
#include "harness/client/doctor/doctor.hpp"

#include <string>
#include <vector>

namespace cli {

/// "my-chat.yaml:12 rest.send", or the key alone when the file does not have it.
std::string place_of(const target_choice& choice, const std::string& key);

/// Tries the target and throws a command_error when a run could tell nothing: usage where the file is to be mended,
/// target where the server is, which it always is when the file is known to be right. Returns what it made on the
/// target; before it throws it has cleaned up after itself, as far as the file says how. Blocking; an interruption ends
/// it, without an error.
std::vector<client::created_thing> insist_on_first_steps(const client::target& target, const target_choice& choice,
                                                         const client::transport::options& connections,
                                                         const interruption& interrupt, bool file_is_right = false);

}  // namespace cli

// Puts what the doctor measured into a person's target file, and nothing else: comments, order and layout stay. The
// file is replaced as a whole or not at all, with its mode, and only by one that is valid.
#pragma once

#include "cli/target_choice.hpp"
#include "harness/client/doctor/measured.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cli {

struct target_writing {
  std::vector<client::doctor::measurement> done;
  std::vector<std::string> left;  // of each value that is not in the file now: which one, and why
};

/// `judge` throws for a text that is no good target file; its error is ours then. Throws usage_error also when the file
/// is no longer what was tried, or cannot be written. In each case nothing is changed.
target_writing write_into(const target_choice& choice, const std::vector<client::doctor::measurement>& all,
                          const std::function<void(const target_choice&)>& judge);

}  // namespace cli

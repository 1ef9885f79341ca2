// Which target a command is for: --target, else ROLLCALL_TARGET, else ./rollcall.yaml, else an error. There is no
// implicit target: a gate that judges the wrong server is the worst false green.
#pragma once

#include <optional>
#include <string>

namespace cli {

struct target_choice {
  std::string text;        ///< the target file
  std::string name;        ///< what messages call it: a path, or "reference"
  bool reference = false;  ///< the bundled server: the command starts the private stack for it
};

/// Throws usage_error.
target_choice choose_target(const std::optional<std::string>& flag);

}  // namespace cli

// From a target file to a target. Blocking, before a run starts; nothing is contacted.
#pragma once

#include "harness/client/target/problem.hpp"
#include "harness/client/target/target.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client {

// The value of an environment variable, nothing when it is not set. Injected so that tests need no setenv.
using environment = std::function<std::optional<std::string>(const std::string& name)>;
environment process_environment();

// Reads and judges the YAML file `path`. `overrides` are "dotted.key=value" (the value is YAML: lists as [a, b]), laid
// over the file in their order before anything is judged. Every key must be known, every value valid, every ${env.NAME}
// set; the first problem in the order of the file is returned, with its place.
result<target> load_target(const std::string& path, const std::vector<std::string>& overrides, const environment& env);

// The same for YAML text that is in memory; `file` is the name used in problems. Nothing is run here: `printed` is what
// users.command printed, for whoever ran it. Without it there are no rows yet, and a variable may be one of its
// columns.
result<target> parse_target(std::string_view text, const std::string& file, const std::vector<std::string>& overrides,
                            const environment& env, const std::optional<std::string>& printed = {});

// The target as a complete file for the run directory. The secret that signs tokens is written as ${env.NAME}; other
// literal values whose key speaks of a secret are written as "***". Without those, load_target() takes the text again.
std::string to_yaml(const target& target);

// The published JSON Schema of target files (schema/target.json).
std::string_view target_schema_text();

}  // namespace client

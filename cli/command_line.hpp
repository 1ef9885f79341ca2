// What several commands read from their flags and surroundings. Each function throws usage_error for what a person
// mistyped.
#pragma once

#include "cli/target_choice.hpp"
#include "harness/client/target/target.hpp"
#include "harness/record/run_directory.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// "250ms", "10s", "5m", "1h".
std::chrono::milliseconds duration(std::string_view flag, std::string_view text);

/// "3x": at most 1000.
double factor(std::string_view flag, std::string_view text);

/// The words that this process was started with.
std::vector<std::string> command_line();

/// A program of ours in the same folder as this one.
std::filesystem::path beside_this_program(std::string_view name);

/// "--color", NO_COLOR, FORCE_COLOR, and whether standard output is a terminal, in this order.
bool wants_colour(std::string_view flag);

/// --set values for the target file, and those for the private stack ("stack.api=2"), without the prefix.
std::pair<std::vector<std::string>, std::vector<std::string>> split_settings(const std::vector<std::string>& settings);

/// The target of a choice; settings are laid over the file. printed: as of client::parse_target.
client::target load(const target_choice& choice, const std::vector<std::string>& settings,
                    const std::optional<std::string>& printed = {});

std::unique_ptr<record::run_directory> open_run_directory(std::string_view kind, const std::optional<std::string>& out,
                                                          std::chrono::system_clock::time_point started);

/// A path as people paste it: relative to here where that is shorter.
std::string shown_path(const std::filesystem::path& path);

}  // namespace cli

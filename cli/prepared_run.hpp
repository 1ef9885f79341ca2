// What conform and load do alike before they begin: choose the target, judge its file, see that it answers (or start
// the private stack) and can be worked with, and open the run's folder. A target file or setting that is wrong and a
// target that is down leave nothing behind.
#pragma once

#include "cli/connection_flags.hpp"
#include "cli/interruption.hpp"
#include "cli/reference_stack.hpp"
#include "cli/target_choice.hpp"
#include "harness/client/target/target.hpp"
#include "harness/record/result.hpp"
#include "harness/record/run_directory.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// Flags with one meaning in every command that makes a run.
struct run_flags {
  std::optional<std::string> target;
  std::vector<std::string> set;
  std::optional<std::string> out;
  std::optional<std::uint64_t> seed;
  std::string patience = "1x";
  std::string timeout;
  std::string wait;
  std::string color = "auto";
  connection_flags connections;
  bool allow_commands = false;
  bool json = false;
  bool quiet = false;
};

/// kind: "conform", "load": for the help.
void add_run_flags(CLI::App& command, run_flags& flags, const std::string& kind);

struct prepared_run {
  target_choice choice;
  std::vector<std::string> settings;         ///< for the target file, the private stack's included
  std::optional<std::string> printed_users;  ///< by the target's command
  client::target target;
  client::transport::options connections;
  std::unique_ptr<record::run_directory> directory;
  std::unique_ptr<reference_stack> reference;  ///< when the target is the bundled server
  std::string command;                         ///< as typed, masked
  std::uint64_t seed = 0;
  std::string run;  ///< the run id of all tags
  std::chrono::milliseconds patience{0};
  std::chrono::milliseconds timeout{0};
  bool colour = false;

  record::target named() const;

  /// What was made on the target; empty for the private stack, which goes with everything on it.
  std::filesystem::path created() const;

  /// At the end: the result and its page go into the folder, the stack stops (its logs are whole
  /// then), the folder gets its name. Returns the file to look at, as people paste it: the page, or result.json in a
  /// build without one.
  std::string finish(const record::result& result);
};

/// Asked about a target, and about the same as packets find it (as_reached).
using permission = std::function<void(const client::target&, const client::target& reached)>;

/// `permit` may refuse a target (by throwing) before the first packet goes to it. Throws command_error.
prepared_run prepare(const std::string& kind, const run_flags& flags, const interruption& interrupt,
                     const permission& permit = {});

}  // namespace cli

// rollcall check: judge target files without the network.
#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "harness/client/target/load.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace cli {

namespace {

exit_code check(const std::vector<std::string>& files, const std::vector<std::string>& settings) {
  bool good = true;
  for (const auto& file : files) {
    const auto loaded = client::load_target(file, settings, client::process_environment());
    if (loaded) {
      fmt::print("ok    {}: target {}\n", file, loaded->title());
    } else {
      good = false;
      fmt::print("error {}\n", client::to_string(loaded.error()));
    }
  }
  return good ? exit_code::passed : exit_code::usage;
}

}  // namespace

void add_check(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("check", "Judge target files without the network");
  auto files = std::make_shared<std::vector<std::string>>();
  auto settings = std::make_shared<std::vector<std::string>>();
  command->add_option("FILE", *files, "Target files")->required();
  command->add_option("--set", *settings, "key=value: laid over each file");
  command->footer(
      "One line for each file. Exit code 0 when all are good, 2 when one is not.\n"
      "Example:\n"
      "  rollcall check rollcall.yaml && rollcall doctor -t rollcall.yaml");
  command->callback([&chosen, files, settings] { chosen = [files, settings] { return check(*files, *settings); }; });
}

}  // namespace cli

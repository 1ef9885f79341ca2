#include "cli/command.hpp"

#include <fmt/format.h>

namespace cli {

void add_version(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->callback([&chosen] {
    chosen = [] {
      fmt::print("rollcall {}\n", ROLLCALL_VERSION);
      return exit_code::passed;
    };
  });
}

}  // namespace cli

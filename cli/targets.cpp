#include "cli/command.hpp"
#include "conformance/targets/bundled.hpp"

#include <fmt/format.h>

namespace cli {

void add_targets(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("targets", "List the targets that come with rollcall");
  command->callback([&chosen] {
    chosen = [] {
      fmt::print("reference  the bundled server, started for the run on a private PostgreSQL and Redis\n");
      fmt::print("reference-socketio  the same with its sockets by Socket.IO\n\n");
      fmt::print("Target files to begin with (rollcall init --like NAME):\n");
      for (const auto& each : conformance::starters) fmt::print("  {:<18} {}\n", each.name, each.about);
      return exit_code::passed;
    };
  });
}

}  // namespace cli

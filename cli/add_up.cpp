#include "cli/command.hpp"
#include "cli/up.hpp"

#include <memory>

namespace cli {

void add_up(CLI::App& app, action& chosen) {
  CLI::App* command =
      app.add_subcommand("up", "Run the reference server on a private PostgreSQL and Redis until Ctrl-C");
  auto options = std::make_shared<up_options>();
  command->add_option("--api", options->api, "rollcall-api processes")->check(CLI::Range(1, 16));
  command->add_option("--gateway", options->gateway, "rollcall-gateway processes")->check(CLI::Range(1, 16));
  command->add_option("--data", options->data, "Keep the database and the secret in this folder");
  command->add_option("--logs", options->logs, "Write the log of each part into this folder");
  command->add_option("--user", options->user, "Whose token the printed curl carries");
  command->add_flag("--json", options->json, "One JSON object on standard output instead of text");
  command->callback([&chosen, options] { chosen = [options] { return up(*options); }; });
}

}  // namespace cli

#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "harness/client/target/load.hpp"
#include "harness/record/schema_check.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace cli {

void add_schema(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("schema", "Print the JSON Schema of a file: target or result");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "target: target files; result: a run's result.json")->required();
  command->callback([&chosen, name] {
    chosen = [name] {
      if (*name != "target" && *name != "result") {
        throw usage_error(fmt::format("no schema '{}'; there are target and result", *name));
      }
      fmt::print("{}", *name == "target" ? client::target_schema_text() : record::result_schema_text());
      return exit_code::passed;
    };
  });
}

}  // namespace cli

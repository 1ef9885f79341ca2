// rollcall init: a commented target file to begin with.
#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "conformance/targets/bundled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace cli {

namespace {

std::string known_starters() {
  std::string names;
  for (const auto& each : conformance::starters) names += (names.empty() ? "" : ", ") + std::string(each.name);
  return names;
}

exit_code init(const std::string& like, const std::string& path) {
  const auto found = std::ranges::find(conformance::starters, like, &conformance::bundled_file::name);
  if (found == conformance::starters.end()) {
    throw usage_error(fmt::format("--like '{}' is unknown; there are {}", like, known_starters()));
  }
  std::FILE* file = std::fopen(path.c_str(), "wxe");  // never over a file that is there
  if (file == nullptr) {
    throw usage_error(errno == EEXIST ? fmt::format("{} is there already; move it away, or give --file", path)
                                      : fmt::format("{} cannot be written: {}", path, std::strerror(errno)));
  }
  const bool written = std::fwrite(found->text.data(), 1, found->text.size(), file) == found->text.size();
  if (std::fclose(file) != 0 || !written) throw usage_error(fmt::format("{} cannot be written", path));
  fmt::print("{} is written. Mend its lines for your backend, then:\n\n  rollcall check {}\n  rollcall doctor -t {}\n",
             path, path, path);
  return exit_code::passed;
}

}  // namespace

void add_init(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("init", "Write a commented target file to begin with");
  auto like = std::make_shared<std::string>("websocket-jwt");
  auto path = std::make_shared<std::string>("rollcall.yaml");
  command->add_option("--like", *like, "For a backend like this: " + known_starters());
  command->add_option("--file", *path, "Where to (default rollcall.yaml)");
  command->callback([&chosen, like, path] { chosen = [like, path] { return init(*like, *path); }; });
}

}  // namespace cli

#include "cli/aftermath.hpp"

#include "cli/command_line.hpp"
#include "harness/client/target/here.hpp"
#include "harness/client/user/created_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace cli {

namespace {

using namespace std::chrono_literals;

constexpr auto time_after_a_run = 60s;
constexpr auto time_after_an_interruption = 10s;

}  // namespace

std::optional<std::string> not_allowed_there(const client::target& target,
                                             const client::transport::options& connections) {
  if (!target.allow || client::is_here(as_reached(target, connections))) return std::nullopt;
  for (const auto& each : target.base_urls) {
    if (std::ranges::count(target.allow->hosts, each.host) == 0) {
      return fmt::format("allow.hosts does not name {}", each.host);
    }
  }
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  if (target.allow->until < today) return "allow.until is over";
  return std::nullopt;
}

client::cleanup::outcome clean(const client::target& target, std::vector<client::created_thing> things,
                               const client::transport::options& connections, const std::string& agent,
                               std::chrono::milliseconds limit, const interruption& interrupt,
                               std::function<void(const client::created_thing&)> on_removed) {
  client::cleanup::options options;
  options.connections = connections;
  options.agent = agent;
  options.limit = client::clock::now() + limit;
  options.stop = [&] { return interrupt.pending(); };
  options.on_removed = std::move(on_removed);
  if (const auto why = not_allowed_there(target, connections)) return {.left = std::move(things), .why = *why};
  return client::cleanup::clean(target, std::move(things), options);
}

std::string removed_line(const client::cleanup::outcome& of) {
  if (of.removed.empty()) return "";
  const std::string gone = of.gone == 0 ? "" : fmt::format(", {} of them gone already", of.gone);
  return fmt::format("cleaned up: {}{}", client::in_words(of.removed), gone);
}

std::string left_line(const client::cleanup::outcome& of) {
  if (of.left.empty()) return "";
  return fmt::format("left on the target: {}{}{}", client::in_words(of.left), of.why.empty() ? "" : ": ", of.why);
}

void clean_up_after(const prepared_run& run, const run_flags& flags, bool interrupted, const interruption& interrupt) {
  const auto path = run.created();
  if (path.empty()) return;
  const auto file = client::created_file::to_remove(path.string(), 5s);
  std::FILE* told = flags.json || flags.quiet ? stderr : stdout;
  if (!file) {
    fmt::print(stderr, "rollcall: {} cannot be read: what the run made is left on the target\n", shown_path(path));
    return;
  }
  auto things = file->left();
  if (things.empty()) return;
  if (run.target.cleanup.empty()) {
    fmt::print(told, "left on the target: {} ({})\n", client::in_words(things), shown_path(path));
    return;
  }
  const auto limit = interrupted ? time_after_an_interruption : time_after_a_run;
  const auto done = clean(run.target, std::move(things), run.connections,
                          fmt::format("rollcall/{} run={}", ROLLCALL_VERSION, run.run), limit, interrupt,
                          [&](const client::created_thing& each) { file->remove(each); });
  if (!done.removed.empty() && !flags.quiet) fmt::print(told, "{}\n", removed_line(done));
  if (done.left.empty()) return;
  fmt::print(told, "{}; rollcall cleanup {} tries again\n", left_line(done), shown_path(path.parent_path()));
}

}  // namespace cli

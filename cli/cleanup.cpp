// rollcall cleanup: removes from a target what an earlier run made there and left.
#include "cli/aftermath.hpp"
#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "cli/command_line.hpp"
#include "cli/users_command.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/user/created_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace cli {

namespace {

namespace fs = std::filesystem;

struct cleanup_flags {
  std::string run;
  std::optional<std::string> target;
  std::vector<std::string> set;
  std::string timeout = "10m";
  connection_flags connections;
  bool allow_commands = false;
  bool quiet = false;
};

/// A run that was killed has its folder under NAME.partial.
fs::path folder_of(const std::string& run) {
  std::error_code ignored;
  std::string name = run;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  for (const std::string& each : {name, name + ".partial", name == "latest" ? std::string("runs/latest") : name}) {
    if (fs::is_directory(each, ignored)) return each;
  }
  throw usage_error(fmt::format("there is no folder {}; give the folder of a run, such as runs/latest", run));
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool hides_something(const client::tree& node) {
  return node.text.find("***") != std::string::npos || std::ranges::any_of(node.items, hides_something) ||
         std::ranges::any_of(node.entries, [](const auto& each) { return hides_something(each.value); });
}

const client::tree* member(const client::tree& of, std::string_view key) {
  const auto found = std::ranges::find_if(of.entries, [&](const auto& each) { return each.key == key; });
  return found == of.entries.end() ? nullptr : &found->value;
}

constexpr std::string_view give_the_file = "give the target file of the run: -t FILE";

/// The run's own copy of its target file, as far as it says everything.
target_choice copy_of(const fs::path& path) {
  target_choice out{.text = text_of(path), .name = path.string()};
  const auto tree = client::parse_tree(out.text, out.name);
  if (!tree) throw usage_error(fmt::format("{} cannot be read; {}", path.string(), give_the_file));
  if (hides_something(*tree)) {
    throw usage_error(fmt::format("{} has *** in the place of secrets; {}", path.string(), give_the_file));
  }
  const auto* users = member(*tree, "users");
  if (users != nullptr && member(*users, "command") != nullptr) {
    throw usage_error(
        fmt::format("the users of {} are printed by a command; {} --allow-commands", path.string(), give_the_file));
  }
  return out;
}

/// What has the id 12 there has nothing to do with what has the id 12 elsewhere.
void insist_on_same_place(const client::target& target, const fs::path& copy) {
  const auto tree = client::parse_tree(text_of(copy), copy.string());
  const auto* addresses = tree ? member(*tree, "base_url") : nullptr;
  if (addresses == nullptr) return;
  std::vector<std::string> of_run;
  for (const auto& each : addresses->items) of_run.push_back(each.text);
  for (const auto& each : target.base_urls) {
    if (std::ranges::count(of_run, each.text()) > 0) return;
  }
  throw usage_error(fmt::format("that run was on {}, {} is for {}", fmt::join(of_run, ", "), target.file,
                                target.base_urls.front().text()));
}

client::target target_of(const cleanup_flags& flags, const fs::path& folder, const interruption& interrupt) {
  const fs::path copy = folder / "target.yaml";
  if (!flags.target) {
    try {
      return load(copy_of(copy), flags.set);
    } catch (const command_error& error) {  // a variable of the environment, a file that was moved
      const std::string what = error.what();
      throw usage_error(what.ends_with(give_the_file) ? what : fmt::format("{}; or {}", what, give_the_file));
    }
  }
  const auto choice = choose_target(flags.target);
  if (choice.reference) throw usage_error("the private stack of a run went with everything on it");
  const auto first = load(choice, flags.set);
  insist_on_same_place(first, copy);
  insist_on_leave(choice, first, flags.allow_commands);
  const auto printed = printed_users(choice, first, interrupt);
  return printed ? load(choice, flags.set, printed) : first;
}

exit_code cleanup(const cleanup_flags& flags) {
  const fs::path folder = folder_of(flags.run);
  const auto limit = duration("--timeout", flags.timeout);
  const fs::path path = folder / "created.jsonl";
  if (!fs::exists(path)) {
    if (!fs::exists(folder / "target.yaml")) {
      throw usage_error(fmt::format("{} has no created.jsonl; is it the folder of a run?", folder.string()));
    }
    if (!flags.quiet) fmt::print("nothing to clean up: {} left nothing on its target\n", folder.string());
    return exit_code::passed;
  }
  const auto file = client::created_file::to_remove(path.string(), std::chrono::seconds(5));
  if (!file) throw usage_error(fmt::format("{} is locked: that run is still going on", path.string()));
  auto things = file->left();
  if (things.empty()) {
    if (!flags.quiet) fmt::print("nothing to clean up: nothing is left of {}\n", folder.string());
    return exit_code::passed;
  }
  const interruption interrupt;
  const auto target = target_of(flags, folder, interrupt);
  const auto connections = connection_options(flags.connections);
  if (target.cleanup.empty()) {
    throw usage_error(fmt::format("{} has no cleanup steps, and {} left {}; add some and give the file: -t FILE",
                                  target.file, folder.string(), client::in_words(things)));
  }
  if (const auto why = not_allowed_there(target, connections)) {
    throw usage_error(fmt::format("nothing may be sent to target {}: {}", target.title(), *why));
  }
  const auto done = clean(target, std::move(things), connections, fmt::format("rollcall/{}", ROLLCALL_VERSION), limit,
                          interrupt, [&](const client::created_thing& each) { file->remove(each); });
  if (!done.removed.empty() && !flags.quiet) fmt::print("{}\n", removed_line(done));
  if (!done.left.empty()) fmt::print("{}\n", left_line(done));
  if (interrupt.pending()) return interrupt.take();
  if (done.left.empty()) return exit_code::passed;
  return done.unreachable ? exit_code::target : exit_code::inconclusive;
}

}  // namespace

void add_cleanup(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("cleanup", "Remove from a target what a run left there");
  auto flags = std::make_shared<cleanup_flags>();
  command->add_option("RUN", flags->run, "The run's folder, or 'latest'")->required();
  command->add_option("-t,--target", flags->target, "Its target file (default: the copy in the run's folder)");
  command->add_option("--timeout", flags->timeout, "End after so long (default 10m)");
  command->add_flag("-q,--quiet", flags->quiet, "Only what is left");
  command->add_option("--set", flags->set, "Set a key of the target file: key=value")->allow_extra_args(false);
  add_allow_commands(*command, flags->allow_commands);
  add_connection_flags(*command, flags->connections);
  command->footer(
      "Exit codes: 0 nothing is left, 2 usage, 3 the target does not answer, 4 something is left.\n"
      "Example:\n"
      "  rollcall cleanup latest -t my-chat.yaml");
  command->callback([&chosen, flags] { chosen = [flags] { return cleanup(*flags); }; });
}

}  // namespace cli

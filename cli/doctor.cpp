// rollcall doctor: try a target step by step, and say which line of its file to mend, or that it is the server.
#include "harness/client/doctor/doctor.hpp"

#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "cli/command_line.hpp"
#include "cli/connection_flags.hpp"
#include "cli/first_steps.hpp"
#include "cli/interruption.hpp"
#include "cli/reach.hpp"
#include "cli/reference_stack.hpp"
#include "cli/users_command.hpp"
#include "harness/ledger/tag.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>

namespace cli {

namespace {

using client::doctor::culprit;
using client::doctor::outcome;

struct doctor_flags {
  std::optional<std::string> target;
  std::vector<std::string> set;
  std::vector<std::string> users;
  std::string wait;
  bool allow_commands = false;
  bool transcript = false;
  connection_flags connections;
};

void print_step(const client::doctor::step& step, const target_choice& choice) {
  constexpr const char* words[] = {"ok", "FAILED", "skipped"};
  fmt::print("{:<8}{:<12}{}\n", words[static_cast<int>(step.outcome)], step.name, step.said);
  for (const auto& lines : step.transcript) {
    std::size_t at = 0;
    while (at < lines.size()) {
      const auto end = std::min(lines.find('\n', at), lines.size());
      fmt::print("          {}\n", std::string_view(lines).substr(at, end - at));
      at = end + 1;
    }
  }
  if (step.why) {
    fmt::print(
        "        {}\n        {}\n",
        step.why->who == culprit::file ? "the target file, " + place_of(choice, step.key) : std::string("the server"),
        step.why->mend);
  }
  std::fflush(stdout);
}

exit_code doctor(const doctor_flags& flags) {
  const interruption interrupt;
  const target_choice choice = choose_target(flags.target);
  auto [settings, stack_settings] = split_settings(flags.set);
  if (!choice.reference && !stack_settings.empty()) {
    throw usage_error(fmt::format("--set {}: stack settings are for --target reference", stack_settings.front()));
  }
  std::unique_ptr<reference_stack> reference;
  if (choice.reference) {
    reference = start_reference(stack_settings, {}, interrupt);
    settings.insert(settings.begin(), reference->settings.begin(), reference->settings.end());
  }
  client::target target = load(choice, settings);
  insist_on_leave(choice, target, flags.allow_commands);
  const auto connections = connection_options(flags.connections);
  if (!flags.wait.empty()) unreachable(target, duration("--wait", flags.wait), connections);

  if (const auto printed = printed_users(choice, target, interrupt.fd())) target = load(choice, settings, printed);

  client::doctor::options options;
  options.run = ledger::make_run_id(std::random_device{}() * 0x100000001ULL);
  options.users = flags.users;
  options.connections = connections;
  options.transcript = flags.transcript;
  options.on_step = [&](const client::doctor::step& step) { print_step(step, choice); };
  bool interrupted = false;
  options.stop = [&] { return interrupted = interrupted || interrupt.pending(); };
  fmt::print("doctor  {}\n\n", target.title());
  std::fflush(stdout);
  const auto found = client::doctor::examine(target, options);

  if (const std::string yaml = found.yaml(target); !yaml.empty()) {
    fmt::print("\nMeasured; to paste into {}:\n\n{}", choice.name, yaml);
  }
  if (interrupted) return interrupt.take();
  if (const auto* failure = found.first_failure()) {
    const bool file = failure->why->who == culprit::file;
    fmt::print("\nFAIL  doctor  {}  {}: {}\n", target.title(),
               file ? place_of(choice, failure->key) : "the server, at " + failure->name, failure->why->what);
    return file ? exit_code::usage : exit_code::target;
  }
  fmt::print("\nPASS  doctor  {}  {} steps\n", target.title(), found.steps.size());
  return exit_code::passed;
}

}  // namespace

void add_doctor(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("doctor", "Try a target step by step, and say which line of its file to mend");
  auto flags = std::make_shared<doctor_flags>();
  command->add_option("-t,--target", flags->target, "A target file, or 'reference' for the bundled server");
  command->add_option("--set", flags->set, "Set a key of the target file: key=value")->allow_extra_args(false);
  command->add_option("--user", flags->users, "Try these users, three of them, instead of made-up ones")
      ->expected(3)
      ->delimiter(',');
  command->add_option("--wait", flags->wait, "Wait so long for the target to answer, such as 60s");
  add_allow_commands(*command, flags->allow_commands);
  command->add_flag("-v,--verbose", flags->transcript, "Show what came on the wire");
  add_connection_flags(*command, flags->connections);
  command->footer(
      "Exit code 0: every step was good; 2: the target file is to be mended; 3: the server is.\n"
      "Example:\n"
      "  rollcall doctor -t my-chat.yaml -v");
  command->callback([&chosen, flags] { chosen = [flags] { return doctor(*flags); }; });
}

}  // namespace cli

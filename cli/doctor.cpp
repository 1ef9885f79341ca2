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
#include "cli/target_writing.hpp"
#include "cli/users_command.hpp"
#include "harness/ledger/tag.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>

namespace cli {

namespace {

using client::doctor::culprit;
using client::doctor::measurement;
using client::doctor::outcome;

struct doctor_flags {
  std::optional<std::string> target;
  std::vector<std::string> set;
  std::vector<std::string> users;
  std::string wait;
  bool allow_commands = false;
  bool transcript = false;
  bool write = false;
  connection_flags connections;
};

/// On a terminal its lines end between words, and go on below where the text began.
std::string wrapped(std::string_view text, std::size_t indent) {
  struct winsize size {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 60) return std::string(text);
  const std::size_t width = size.ws_col - indent;
  std::string out;
  while (text.size() > width) {
    const auto space = text.rfind(' ', width);
    const auto end = space == std::string_view::npos || space == 0 ? text.find(' ', width) : space;
    if (end == std::string_view::npos) break;
    out.append(text.substr(0, end)).append("\n").append(indent, ' ');
    text.remove_prefix(end + 1);
  }
  return out.append(text);
}

void print_step(const client::doctor::step& step, const target_choice& choice) {
  constexpr const char* words[] = {"ok", "FAILED", "skipped"};
  fmt::print("{:<8}{:<12}{}\n", words[static_cast<int>(step.outcome)], step.name, wrapped(step.said, 20));
  for (const auto& line : step.transcript) fmt::print("          {}\n", line);
  if (step.why) {
    fmt::print(
        "        {}\n        {}\n",
        step.why->who == culprit::file ? "the target file, " + place_of(choice, step.key) : std::string("the server"),
        wrapped(step.why->mend, 8));
  }
  std::fflush(stdout);
}

/// The lines of the file that say something else than what was measured, then all of it as YAML.
void print_measured(const std::vector<measurement>& all, const client::target& target, const target_choice& choice) {
  if (all.empty()) return;
  fmt::print("\nMeasured; to paste into {}{}:\n\n{}", choice.name, choice.reference ? "" : " (--write puts it in)",
             client::doctor::to_paste(all));
  for (const auto& each : all) {
    if (!each.in_file) continue;
    const auto* says = client::doctor::find_key(target.source.get(), each.key);
    fmt::print("\n{} {}, measured: {}", place_of(choice, each.key),
               says->text.empty() ? "says otherwise" : "says " + says->text, each.value);
  }
  if (std::ranges::any_of(all, &measurement::in_file)) fmt::print("\n");
}

void print_written(const target_writing& written, const target_choice& choice) {
  if (!written.done.empty()) {
    fmt::print("\nWritten into {}:\n\n{}", choice.name, client::doctor::to_paste(written.done));
  }
  for (const auto& each : written.left) fmt::print("\nnot written: {}\n", each);
  if (written.done.empty() && written.left.empty()) fmt::print("\nNothing to write: {} says it all\n", choice.name);
}

exit_code conclude(const client::doctor::examination& found, const client::target& target,
                   const target_choice& choice) {
  if (const auto* failure = found.first_failure()) {
    const bool file = failure->why->who == culprit::file;
    fmt::print("\nFAIL  doctor  {}  {}: {}\n", target.title(),
               file ? place_of(choice, failure->key) : "the server, at " + failure->name, failure->why->what);
    return file ? exit_code::usage : exit_code::target;
  }
  fmt::print("\nPASS  doctor  {}  {} steps\n", target.title(), found.steps.size());
  return exit_code::passed;
}

exit_code doctor(const doctor_flags& flags) {
  const interruption interrupt;
  const target_choice choice = choose_target(flags.target);
  if (choice.reference && flags.write) {
    throw usage_error(fmt::format("--write is for a target file of your own; {} comes with Rollcall", choice.name));
  }
  auto [settings, stack_settings] = split_settings(flags.set);
  if (!choice.reference && !stack_settings.empty()) {
    throw usage_error(fmt::format("--set {}: stack settings are for --target reference", stack_settings.front()));
  }
  const bool file_is_right = choice.reference && settings.empty();
  std::unique_ptr<reference_stack> reference;
  if (choice.reference) {
    reference = start_reference(stack_settings, {}, interrupt);
    settings.insert(settings.begin(), reference->settings.begin(), reference->settings.end());
  }
  client::target target = load(choice, settings);
  insist_on_leave(choice, target, flags.allow_commands);
  const auto connections = connection_options(flags.connections);
  if (!flags.wait.empty()) unreachable(target, duration("--wait", flags.wait), connections);

  const auto printed = printed_users(choice, target, interrupt);
  if (printed) target = load(choice, settings, printed);

  client::doctor::options options;
  options.run = ledger::make_run_id(std::random_device{}() * 0x100000001ULL);
  options.users = flags.users;
  options.connections = connections;
  options.transcript = flags.transcript;
  options.file_is_right = file_is_right;
  options.on_step = [&](const client::doctor::step& step) { print_step(step, choice); };
  bool interrupted = false;
  options.stop = [&] { return interrupted = interrupted || interrupt.pending(); };
  fmt::print("doctor  {}\n\n", target.title());
  std::fflush(stdout);
  auto found = client::doctor::examine(target, options);
  if (interrupted) return interrupt.take();

  // What the bundled file leaves out is so by the contract.
  if (choice.reference) std::erase_if(found.measured, [](const measurement& each) { return !each.wrong; });
  if (flags.write) {
    const auto judge = [&](const target_choice& changed) { load(changed, settings, printed); };
    print_written(write_into(choice, found.measured, judge), choice);
  } else {
    print_measured(found.measured, target, choice);
  }
  return conclude(found, target, choice);
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
  command->add_flag("-v,--verbose", flags->transcript,
                    "Show each request, answer and frame, without secrets; bodies up to 2,000 bytes");
  command->add_flag("--write", flags->write,
                    "Put what was measured into the target file; the rest of it stays as it is");
  add_connection_flags(*command, flags->connections);
  command->footer(
      "It makes three users and two chats and sends some messages, up to 60 more to see how a history is paged.\n"
      "Exit code 0: every step was good; 2: the target file is to be mended; 3: the server is.\n"
      "Example:\n"
      "  rollcall doctor -t my-chat.yaml -v\n"
      "  rollcall doctor -t my-chat.yaml --write");
  command->callback([&chosen, flags] { chosen = [flags] { return doctor(*flags); }; });
}

}  // namespace cli

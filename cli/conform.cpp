// rollcall conform: judge a chat backend against the contract.
#include "conformance/runner/conform.hpp"

#include "cli/aftermath.hpp"
#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "cli/interruption.hpp"
#include "cli/prepared_run.hpp"
#include "cli/progress.hpp"
#include "cli/reach.hpp"
#include "reports/terminal/conform_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

namespace cli {

namespace {

struct conform_flags {
  run_flags run;
  std::vector<std::string> only;
  std::vector<std::string> skip;
  int workers = 4;
  int repeat = 9;
  bool strict = false;
  bool list = false;
};

void list_cases(const std::vector<std::string>& cases) {
  for (const auto& id : cases) fmt::print("{:<22} {}\n", id, conformance::find_requirement(id)->title);
}

exit_code conform(const conform_flags& flags) {
  const auto cases = conformance::select_cases(flags.only, flags.skip);
  if (flags.list) {
    list_cases(cases);
    return exit_code::passed;
  }
  if (cases.empty()) {
    fmt::print(stderr, "rollcall: nothing to check: no requirement matches {}; rollcall conform --list shows all\n",
               flags.only.empty() ? "what --skip leaves" : fmt::format("--only '{}'", fmt::join(flags.only, ",")));
    return exit_code::nothing_checked;
  }
  const interruption interrupt;
  prepared_run run = prepare("conform", flags.run, interrupt);

  conformance::conform_request request;
  request.target = run.target;
  request.strict = flags.strict;
  request.rollcall_version = ROLLCALL_VERSION;
  request.command = run.command;
  request.run = {.program = beside_this_program("rollcall-cases"),
                 .run = run.run,
                 .seed = run.seed,
                 .target_text = run.choice.text,
                 .target_name = run.choice.name,
                 .overrides = run.settings,
                 .printed_users = run.printed_users,
                 .connections = client::transport::to_json(run.connections),
                 .cases = cases,
                 .workers = flags.workers,
                 .traces = run.directory->path(),
                 .created = run.created(),
                 .logs = run.directory->logs(),
                 .epoch = std::chrono::steady_clock::now().time_since_epoch(),
                 .patience = run.patience,
                 .timeout = run.timeout,
                 .interrupt_fd = interrupt.fd(),
                 .repeats = flags.repeat};

  const bool text = !flags.run.json;
  if (text && !flags.run.quiet) {
    fmt::print("{}\n", reports::opening_line(run.named(), request.suite, cases.size(), run.run, run.seed));
    std::fflush(stdout);
  }
  progress shown(flags.run.quiet);
  std::set<std::string> failed;  // a case may be tried again
  request.run.on_case = [&](const conformance::case_record& record, std::size_t done, std::size_t all) {
    const bool broken = std::ranges::any_of(
        record.checks, [](const auto& check) { return !check.ok && check.force == conformance::level::must; });
    if (broken) failed.insert(record.id);
    shown.show({.done = done, .of = all, .failed = failed.size(), .latest = record.id});
  };
  record::result result = conformance::conform(request);
  shown.clear();
  settle_target(result, run.target, run.connections);

  const std::string look_at = run.finish(result);
  if (text && !flags.run.quiet) {
    fmt::print("{}\n{}", reports::table(result, run.colour), reports::details(result, run.colour));
    std::fflush(stdout);
  }
  clean_up_after(run, flags.run, result.verdict == record::run_verdict::interrupted, interrupt);
  fmt::print("{}", text ? reports::last_line(result, look_at, run.colour) + "\n" : record::to_json(result));
  return static_cast<exit_code>(result.exit_code);
}

}  // namespace

void add_conform(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("conform", "Judge a chat backend against the contract");
  auto flags = std::make_shared<conform_flags>();
  command->add_option("--only", flags->only, "Only these requirements: ids or globs, comma-separated")->delimiter(',');
  command->add_option("--skip", flags->skip, "Without these")->delimiter(',');
  command->add_flag("--list", flags->list, "Show what would be checked and stop");
  command->add_flag("--strict", flags->strict, "A SHOULD that does not hold fails the run");
  command
      ->add_option("--repeat", flags->repeat, "Try a case that failed so many times more (default 9), for at most 10 s")
      ->check(CLI::Range(0, 99));
  command->add_option("--workers", flags->workers, "Processes at once")->check(CLI::Range(1, 64));
  add_run_flags(*command, flags->run, "conform");
  command->footer(
      "Examples:\n"
      "  rollcall conform -t reference\n"
      "  rollcall conform -t my-chat.yaml --only 'RT-*,OFF-02' --wait 60s");
  command->callback([&chosen, flags] { chosen = [flags] { return conform(*flags); }; });
}

}  // namespace cli

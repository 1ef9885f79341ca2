// rollcall conform: judge a chat backend against the contract.
#include "conformance/runner/conform.hpp"

#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "cli/command_line.hpp"
#include "cli/interruption.hpp"
#include "cli/progress.hpp"
#include "cli/reach.hpp"
#include "cli/reference_stack.hpp"
#include "cli/target_choice.hpp"
#include "harness/client/target/load.hpp"
#include "harness/ledger/tag.hpp"
#include "harness/record/run_directory.hpp"
#include "reports/terminal/conform_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>

namespace cli {

namespace {

struct conform_flags {
  std::optional<std::string> target;
  std::vector<std::string> set;
  std::optional<std::string> out;
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::optional<std::uint64_t> seed;
  std::string patience = "1x";
  std::string timeout;
  std::string wait;
  std::string color = "auto";
  int workers = 4;
  bool strict = false;
  bool list = false;
  bool json = false;
  bool quiet = false;
};

void list_cases(const std::vector<std::string>& cases) {
  for (const auto& id : cases) fmt::print("{:<22} {}\n", id, conformance::find_requirement(id)->title);
}

std::chrono::milliseconds duration_or_none(std::string_view flag, const std::string& text) {
  return text.empty() ? std::chrono::milliseconds(0) : duration(flag, text);
}

void insist_on(const client::target& target, std::chrono::milliseconds wait) {
  if (const auto trouble = unreachable(target, wait)) {
    throw command_error(exit_code::target,
                        fmt::format("target {} is not reachable: {}; is it running? --wait 60s waits for it",
                                    target.title(), *trouble));
  }
}

exit_code conform(const conform_flags& flags) {
  const auto cases = conformance::select_cases(flags.only, flags.skip);
  if (flags.list) {
    list_cases(cases);
    return exit_code::passed;
  }
  target_choice choice = choose_target(flags.target);
  auto [target_settings, stack_settings] = split_settings(flags.set);
  if (!choice.reference && !stack_settings.empty()) {
    throw usage_error(fmt::format("--set {}: stack settings are for --target reference", stack_settings.front()));
  }
  const double patience = factor("--patience", flags.patience);
  const auto timeout = duration_or_none("--timeout", flags.timeout);
  const auto wait = duration_or_none("--wait", flags.wait);
  if (cases.empty()) {
    fmt::print(stderr, "rollcall: nothing to check: no requirement matches {}; rollcall conform --list shows all\n",
               flags.only.empty() ? "what --skip leaves" : fmt::format("--only '{}'", fmt::join(flags.only, ",")));
    return exit_code::nothing_checked;
  }

  const interruption interrupt;
  const auto started = std::chrono::system_clock::now();
  const std::uint64_t seed = flags.seed.value_or(std::random_device{}());
  const std::string run = ledger::make_run_id(std::random_device{}() * 0x100000001ULL);
  const bool colour = wants_colour(flags.color);

  // A target file or setting that is wrong and a target that is down leave nothing behind.
  if (choice.reference) {
    auto with_secret = target_settings;
    with_secret.insert(with_secret.begin(), "login.jwt.secret=" + std::string(32, '-'));  // the stack's is not made yet
    (void)load(choice, with_secret);
  } else {
    insist_on(load(choice, target_settings), wait);
  }
  auto directory = open_run_directory("conform", flags.out, started);

  std::unique_ptr<reference_stack> reference;
  if (choice.reference) {
    reference = start_reference(stack_settings, directory->logs(), interrupt);
    target_settings.insert(target_settings.begin(), reference->settings.begin(), reference->settings.end());
  }
  const client::target target = load(choice, target_settings);
  directory->masking().add(target.login.secret);

  conformance::conform_request request;
  request.target = target;
  request.strict = flags.strict;
  request.rollcall_version = ROLLCALL_VERSION;
  request.command = directory->masking().mask_command(command_line());
  request.run = {.program = beside_this_program("rollcall-cases"),
                 .run = run,
                 .seed = seed,
                 .target_text = choice.text,
                 .target_name = choice.name,
                 .overrides = target_settings,
                 .cases = cases,
                 .workers = flags.workers,
                 .traces = directory->path(),
                 .logs = directory->logs(),
                 .epoch = std::chrono::steady_clock::now().time_since_epoch(),
                 .patience = std::chrono::duration_cast<std::chrono::milliseconds>(target.patience * patience),
                 .timeout = timeout,
                 .interrupt_fd = interrupt.fd()};

  const record::target named{target.name, target.version, target.base_urls.front().authority()};
  if (!flags.json && !flags.quiet) {
    fmt::print("{}\n", reports::opening_line(named, request.suite, cases.size(), run, seed));
    std::fflush(stdout);
  }
  progress shown(flags.quiet);
  request.run.on_case = [&](const conformance::case_record& record, std::size_t done, std::size_t all) {
    shown.step(record.id, done, all);
  };
  record::result result = conformance::conform(request);
  shown.clear();
  settle_target(result, target);

  directory->write("result.json", record::to_json(result));
  directory->write("target.yaml", client::to_yaml(target));
  reference.reset();  // its logs are whole before the directory gets its name
  const auto place = directory->finish();

  if (flags.json) {
    fmt::print("{}", record::to_json(result));
  } else {
    if (!flags.quiet) fmt::print("{}\n{}", reports::table(result, colour), reports::details(result, colour));
    fmt::print("{}\n", reports::last_line(result, shown_path(place / "result.json"), colour));
  }
  return static_cast<exit_code>(result.exit_code);
}

}  // namespace

void add_conform(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("conform", "Judge a chat backend against the contract");
  auto flags = std::make_shared<conform_flags>();
  command->add_option("-t,--target", flags->target, "A target file, or 'reference' for the bundled server");
  command->add_option("--only", flags->only, "Only these requirements: ids or globs, comma-separated")->delimiter(',');
  command->add_option("--skip", flags->skip, "Without these")->delimiter(',');
  command->add_flag("--list", flags->list, "Show what would be checked and stop");
  command->add_flag("--strict", flags->strict, "A SHOULD that does not hold fails the run");
  command->add_flag("--json", flags->json, "The result as JSON on standard output");
  command->add_flag("-q,--quiet", flags->quiet, "Only the last line");
  command->add_option("-o,--out", flags->out, "The run's folder, new or empty (default: runs/<time>-conform)");
  command->add_option("--wait", flags->wait, "Wait so long for the target to answer, such as 60s");
  command->add_option("--timeout", flags->timeout, "End the whole run in order after so long, such as 5m");
  command->add_option("--patience", flags->patience, "Multiply the target's patience, such as 3x");
  command->add_option("--set", flags->set, "Set a key of the target file: key=value")->allow_extra_args(false);
  command->add_option("--seed", flags->seed, "Seed of everything that is drawn by lot");
  command->add_option("--workers", flags->workers, "Processes at once")->check(CLI::Range(1, 64));
  command->add_option("--color", flags->color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command->footer(
      "Examples:\n"
      "  rollcall conform -t reference\n"
      "  rollcall conform -t my-chat.yaml --only 'RT-*,OFF-02' --wait 60s");
  command->callback([&chosen, flags] { chosen = [flags] { return conform(*flags); }; });
}

}  // namespace cli

#include "cli/prepared_run.hpp"

#include "cli/command_error.hpp"
#include "cli/command_line.hpp"
#include "cli/first_steps.hpp"
#include "cli/reach.hpp"
#include "cli/users_command.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/user/created_file.hpp"
#include "harness/ledger/tag.hpp"
#include "reports/html/html.hpp"

#include <fmt/format.h>

#include <array>
#include <random>
#include <utility>

namespace cli {

namespace {

std::chrono::milliseconds duration_or_none(std::string_view flag, const std::string& text) {
  return text.empty() ? std::chrono::milliseconds(0) : duration(flag, text);
}

void insist_on(const client::target& target, std::chrono::milliseconds wait,
               const client::transport::options& connections) {
  if (const auto trouble = unreachable(target, wait, connections)) {
    throw command_error(record::exit_code::target,
                        fmt::format("target {} is not reachable: {}; is it running? --wait 60s waits for it",
                                    target.title(), *trouble));
  }
}

}  // namespace

void add_run_flags(CLI::App& command, run_flags& flags, const std::string& kind) {
  command.add_option("-t,--target", flags.target, "A target file, or 'reference' for the bundled server");
  command.add_flag("--json", flags.json, "The result as JSON on standard output");
  command.add_flag("-q,--quiet", flags.quiet, "Only the last line");
  command.add_option("-o,--out", flags.out, "The run's folder, new or empty (default: runs/<time>-" + kind + ")");
  command.add_option("--wait", flags.wait, "Wait so long for the target to answer, such as 60s");
  command.add_option("--timeout", flags.timeout, "End the whole run in order after so long, such as 5m");
  command.add_option("--patience", flags.patience, "Multiply the target's patience, such as 3x");
  command.add_option("--set", flags.set, "Set a key of the target file: key=value")->allow_extra_args(false);
  add_allow_commands(command, flags.allow_commands);
  command.add_option("--seed", flags.seed, "Seed of everything that is drawn by lot");
  command.add_option("--color", flags.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  add_connection_flags(command, flags.connections);
}

record::target prepared_run::named() const {
  return {target.name, target.version, target.base_urls.front().authority()};
}

std::filesystem::path prepared_run::created() const {
  return choice.reference ? std::filesystem::path() : directory->path() / "created.jsonl";
}

std::string prepared_run::finish(const record::result& result) {
  const std::string masked = directory->masking().mask(record::to_json(result));
  directory->write("result.json", masked);
  std::string look_at = "result.json";
  // From what can be read back: the page says what result.json says, and a secret is masked before it is spelled anew.
  if (auto read = record::from_json(masked); read.value) {
    const std::array runs{reports::run{shown_path(directory->final_path()), std::move(*read.value)}};
    if (const auto page = reports::html(runs)) {
      look_at = "report.html";
      directory->write(look_at, *page);
    }
  }
  reference.reset();
  return shown_path(directory->finish() / look_at);
}

prepared_run prepare(const std::string& kind, const run_flags& flags, const interruption& interrupt,
                     const permission& permit) {
  prepared_run out;
  out.choice = choose_target(flags.target);
  const auto [target_settings, stack_settings] = split_settings(flags.set);
  if (!out.choice.reference && !stack_settings.empty()) {
    throw usage_error(fmt::format("--set {}: stack settings are for --target reference", stack_settings.front()));
  }
  const double patience = factor("--patience", flags.patience);
  out.timeout = duration_or_none("--timeout", flags.timeout);
  const auto wait = duration_or_none("--wait", flags.wait);
  out.connections = connection_options(flags.connections);
  out.seed = flags.seed.value_or(std::random_device{}());
  out.run = ledger::make_run_id(std::random_device{}() * 0x100000001ULL);
  out.colour = wants_colour(flags.color);
  const auto started = std::chrono::system_clock::now();

  out.settings = target_settings;
  if (out.choice.reference) {  // the stack's secret is not made yet
    out.settings.insert(out.settings.begin(), "login.jwt.secret=" + std::string(32, '-'));
  }
  out.target = load(out.choice, out.settings);
  insist_on_leave(out.choice, out.target, flags.allow_commands);
  if (!out.choice.reference) {
    if (permit) permit(out.target, as_reached(out.target, out.connections));
    insist_on(out.target, wait, out.connections);
  }
  out.printed_users = printed_users(out.choice, out.target, interrupt);
  if (out.printed_users) out.target = load(out.choice, out.settings, out.printed_users);
  std::vector<client::created_thing> made;
  if (!out.choice.reference) made = insist_on_first_steps(out.target, out.choice, out.connections, interrupt);
  out.directory = open_run_directory(kind, flags.out, started);
  if (out.choice.reference) {
    out.reference = start_reference(stack_settings, out.directory->logs(), interrupt);
    out.settings = out.reference->settings;
    out.settings.insert(out.settings.end(), target_settings.begin(), target_settings.end());
    out.target = load(out.choice, out.settings, out.printed_users);
    insist_on_first_steps(out.target, out.choice, out.connections, interrupt, target_settings.empty());
  }
  out.patience = std::chrono::duration_cast<std::chrono::milliseconds>(out.target.patience * patience);
  out.directory->masking().add(out.target.login.secret);
  for (const auto& secret : out.target.secrets) out.directory->masking().add(secret);
  // Now, so that whoever cleans up after a run that was killed finds it.
  out.directory->write("target.yaml", client::to_yaml(out.target));
  if (const auto created = client::created_file::to_add(out.created().string())) {
    for (const auto& thing : made) created->add(thing);
  }
  out.command = out.directory->masking().mask_command(command_line());
  return out;
}

}  // namespace cli

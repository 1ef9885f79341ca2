// rollcall load: many simulated users at once, every message accounted for.
#include "loadgen/run/load.hpp"

#include "cli/aftermath.hpp"
#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "cli/command_line.hpp"
#include "cli/interruption.hpp"
#include "cli/load_limits.hpp"
#include "cli/prepared_run.hpp"
#include "cli/progress.hpp"
#include "cli/reach.hpp"
#include "cli/watched_load.hpp"
#include "loadgen/plan/population.hpp"
#include "reports/terminal/load_line.hpp"
#include "reports/terminal/load_text.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>

namespace cli {

namespace {

struct load_flags {
  run_flags run;
  std::uint32_t users = 100;
  std::string rate;
  std::string per_user;
  std::string duration = "30s";
  double online = 0.8;
  std::string session = "60s";
  std::string arrivals = "poisson";
  std::vector<std::string> slo;
  std::uint32_t workers = 0;
  std::uint32_t connections = 64;
  std::uint32_t body = 100;
  std::string max_late = "1%";
  std::string max_lag = "50ms";
  std::uint64_t min_owed = 100;
  std::string min_judged = "50%";
  bool plan = false;
};

/// "500/s", "30/m", "2/h", as so many a second.
double per_second(std::string_view flag, const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const double seconds = unit == "/s" ? 1 : unit == "/m" ? 60 : unit == "/h" ? 3600 : 0;
  if (error != std::errc() || !(number > 0) || seconds == 0 || number / seconds > 1e7) {
    throw usage_error(
        fmt::format("{} '{}' is no rate; expected a number and its unit, such as 500/s or 30/m", flag, text));
  }
  return number / seconds;
}

/// "1%" as 0.01.
double share(std::string_view flag, const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)) != "%" ||
      number < 0 || number > 100) {
    throw usage_error(fmt::format("{} '{}' is no share; expected a number of percent, such as 1%", flag, text));
  }
  return number / 100;
}

/// A process may hold so many sockets; the rest is for HTTP, logs and the loop.
std::uint32_t workers_for(double sockets) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const double each = limit.rlim_max == RLIM_INFINITY ? 1e6 : std::max(64.0, static_cast<double>(limit.rlim_max) - 500);
  return std::max(1U, static_cast<std::uint32_t>(std::ceil(sockets / each)));
}

loadgen::worker_plan plan_of(const load_flags& flags) {
  loadgen::worker_plan plan;
  plan.users = flags.users;
  plan.duration = duration("--duration", flags.duration);
  if (!flags.rate.empty() && !flags.per_user.empty()) {
    throw usage_error("--rate and --per-user say the same thing; give one of them");
  }
  plan.shape = {.seed = 0,
                .rate = !flags.per_user.empty() ? per_second("--per-user", flags.per_user) * flags.users
                                                : per_second("--rate", flags.rate.empty() ? "10/s" : flags.rate),
                .kind = flags.arrivals == "poisson" ? loadgen::arrival_kind::poisson : loadgen::arrival_kind::constant,
                .online = flags.online,
                .session = flags.session == "0" ? std::chrono::milliseconds(0) : duration("--session", flags.session)};
  plan.connections = flags.connections;
  plan.body_bytes = flags.body;
  return plan;
}

std::vector<loadgen::objective> objectives_of(const std::vector<std::string>& texts) {
  std::vector<loadgen::objective> out;
  for (const auto& text : texts) {
    auto read = loadgen::parse_objective(text);
    if (!read.value) throw usage_error(fmt::format("--slo '{}': {}", text, read.problem));
    out.push_back(std::move(*read.value));
  }
  return out;
}

/// What a run would do, in numbers; nothing is sent.
void print_plan(const load_flags& flags, const loadgen::worker_plan& plan) {
  const auto cells = loadgen::make_cells(plan.users);
  const auto chats = cells.back().first_chat + cells.back().chats;
  const double seconds = std::chrono::duration<double>(plan.duration).count();
  const double online = plan.users * plan.shape.online;
  const double session = std::chrono::duration<double>(plan.shape.session).count();
  const double arriving = session > 0 && plan.shape.online < 1 ? online * seconds / session : 0;
  const double connects = online + arriving;
  const double per_user = static_cast<double>(chats) * 2 / plan.users;
  fmt::print("users      {} in {} cells, {} two-person chats; {:.0f} connected at a time, {:.0f} connects in all\n",
             plan.users, cells.size(), chats, online, connects);
  fmt::print("messages   about {:.0f}: {:g} a second ({}) for {:g} s, {} bytes each\n", plan.shape.rate * seconds,
             plan.shape.rate, flags.arrivals, seconds, plan.body_bytes);
  fmt::print(
      "requests   about {:.0f} in all: {} to make chats, the messages, {:.0f} lists and histories, {} whole "
      "histories at the end\n",
      chats + plan.shape.rate * seconds + connects * (1 + per_user) + chats, chats, connects * (1 + per_user), chats);
  fmt::print(
      "time       {:g} s of load, and what making chats, connecting, waiting for the last message and reading "
      "histories takes\n",
      seconds);
  fmt::print("nothing was sent\n");
}

exit_code load(const load_flags& flags) {
  loadgen::load_request request;
  request.run.plan = plan_of(flags);
  request.objectives = objectives_of(flags.slo);
  request.late_share_limit = share("--max-late", flags.max_late);
  request.lag_limit_ms = static_cast<double>(duration("--max-lag", flags.max_lag).count());
  request.owed_share_limit = share("--min-judged", flags.min_judged);
  request.owed_limit = flags.min_owed;
  request.run.workers =
      flags.workers > 0 ? flags.workers : workers_for(request.run.plan.users * request.run.plan.shape.online);
  if (flags.plan) {
    print_plan(flags, request.run.plan);
    return exit_code::passed;
  }

  const interruption interrupt;
  prepared_run run =
      prepare("load", flags.run, interrupt, [&](const client::target& target, const client::target& reached) {
        const auto today =
            std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
        if (const auto why = not_allowed(target, request.run.plan, today, reached)) throw usage_error(*why);
      });
  loadgen::worker_plan& plan = request.run.plan;
  plan.run = run.run;
  plan.shape.seed = run.seed;
  plan.patience = run.patience;
  plan.target_text = run.choice.text;
  plan.target_name = run.choice.name;
  plan.overrides = run.settings;
  plan.printed_users = run.printed_users;
  plan.connection_options = client::transport::to_json(run.connections);
  plan.folder = run.directory->path().string();
  plan.created_file = run.created().string();
  if (run.target.allow) {
    plan.connects_per_second = run.target.allow->max_connects.value_or(0);
    plan.requests_per_second = run.target.allow->max_rate.value_or(0);
  }
  request.target = run.target;
  request.rollcall_version = ROLLCALL_VERSION;
  request.command = run.command;
  request.run.program = beside_this_program("rollcall-users");
  request.run.logs = run.directory->logs();
  request.run.timeout = run.timeout;
  request.run.interrupt_fd = interrupt.fd();

  const bool text = !flags.run.json;
  if (text && !flags.run.quiet) {
    fmt::print("{}\n", reports::load_opening_line(run.named(), loadgen::describe_plan(request), run.run, run.seed));
    std::fflush(stdout);
  }
  progress shown(flags.run.quiet);
  watched_load watched(plan.users);
  request.run.on_progress = [&](const loadgen::load_progress& how) { shown.show(watched.take(how)); };
  record::result result = loadgen::load(request);
  shown.clear();
  settle_target(result, run.target, run.connections);
  const std::string look_at = run.finish(result);
  if (text && !flags.run.quiet) {
    fmt::print("{}", reports::load_summary(result, run.colour));
    std::fflush(stdout);
  }
  clean_up_after(run, flags.run, result.verdict == record::run_verdict::interrupted, interrupt);
  fmt::print("{}", text ? reports::load_last_line(result, look_at, run.colour) + "\n" : record::to_json(result));
  return static_cast<exit_code>(result.exit_code);
}

}  // namespace

void add_load(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("load", "Put users on a chat backend and account for every message");
  auto flags = std::make_shared<load_flags>();
  command->add_option("-u,--users", flags->users, "Simulated users")->check(CLI::Range(2U, 10'000'000U));
  command->add_option("--rate", flags->rate, "Messages of all users together, such as 500/s (default 10/s)");
  command->add_option("--per-user", flags->per_user, "Instead of --rate: messages of each user, such as 2/m");
  command->add_option("-d,--duration", flags->duration, "How long messages are sent (default 30s)");
  command->add_option("--online", flags->online, "Share of the users that is connected (default 0.8)")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--session", flags->session, "Mean time that a user stays connected; 0: for ever (default 60s)");
  command->add_option("--arrivals", flags->arrivals, "poisson (default) or constant")
      ->check(CLI::IsMember({"poisson", "constant"}));
  command->add_option("--slo", flags->slo, "An objective, such as 'delivery.p99<50ms' or 'ack.within(250ms)>=99.9%'")
      ->allow_extra_args(false);
  command->add_flag("--plan", flags->plan, "Show what would be done and stop");
  add_run_flags(*command, flags->run, "load");
  command->add_option("--workers", flags->workers, "Processes that simulate users (default: as many as sockets need)")
      ->check(CLI::Range(1U, 64U));
  command->add_option("--connections", flags->connections, "Keep-alive connections of a worker for HTTP (default 64)")
      ->check(CLI::Range(1U, 10'000U));
  command->add_option("--body", flags->body, "Bytes of a message (default 100)")->check(CLI::Range(64U, 65'536U));
  command->add_option("--max-late", flags->max_late, "Inconclusive when more sends are over 10 ms late (default 1%)");
  command->add_option("--max-lag", flags->max_lag, "Inconclusive when the loop's lag p99 is over this (default 50ms)");
  command->add_option("--min-owed", flags->min_owed, "Inconclusive when fewer messages could be judged (default 100)");
  command->add_option("--min-judged", flags->min_judged,
                      "Inconclusive when less of what may be owed could be judged (default 50%)");
  command->footer(
      "Examples:\n"
      "  rollcall load -t reference --users 1000 --rate 500/s --duration 20s\n"
      "  rollcall load -t my-chat.yaml -u 200 --per-user 6/m -d 5m --slo 'delivery.p99<100ms'");
  command->callback([&chosen, flags] { chosen = [flags] { return load(*flags); }; });
}

}  // namespace cli

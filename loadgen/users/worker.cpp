#include "loadgen/users/worker.hpp"

#include "harness/client/loop.hpp"
#include "harness/client/transport/network.hpp"
#include "harness/declared/rules_of.hpp"
#include "loadgen/users/ledger_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/read_until.hpp>

#include <algorithm>
#include <cerrno>
#include <istream>
#include <utility>

namespace loadgen {

namespace {

using namespace std::chrono_literals;
using client::clock;
using client::time_point;

constexpr auto tick_period = 5ms;     // of the clock that measures the loop's lag
constexpr auto settle_period = 20ms;  // how often everything is read until nothing more waits

// This worker's share of the rate at which the target lets people log in.
std::shared_ptr<client::login_pace> pace_of(const client::target& target, const worker_plan& plan) {
  if (!target.login.pace) return nullptr;
  const double share = static_cast<double>(plan.cells) / static_cast<double>(make_cells(plan.users).size());
  return std::make_shared<client::login_pace>(*target.login.pace * share);
}

std::vector<cell> own_cells(const worker_plan& plan) {
  const auto all = make_cells(plan.users);
  return {all.begin() + plan.first_cell, all.begin() + plan.first_cell + plan.cells};
}

// Bodies are filled up with words to their size; the tag comes first.
std::string filler(std::uint32_t bytes) {
  static constexpr std::string_view words = "all present and correct, every name on the roll was called and answered; ";
  std::string out;
  while (out.size() + ledger::longest_tag < bytes) out += words;
  out.resize(bytes > ledger::longest_tag ? bytes - ledger::longest_tag : 0);
  while (out.ends_with(' ')) out.back() = '.';
  return out;
}

}  // namespace

worker::worker(worker_plan plan, std::shared_ptr<const client::target> target, int commands_fd, int reports_fd)
    : plan_(std::move(plan)),
      target_(std::move(target)),
      reports_fd_(reports_fd),
      commands_(io_, commands_fd),
      rules_(declared::rules_of(*target_, plan_.patience)),
      cells_(own_cells(plan_)),
      first_user_(cells_.front().first_user),
      schedule_(cells_, static_cast<std::uint32_t>(make_cells(plan_.users).size()), plan_.shape),
      pacer_(io_),
      ticker_(io_) {
  client::transport::use(io_, client::transport::options_from_json(plan_.connection_options));
  const cell& last = cells_.back();
  const ledger::live_range range{first_user_, last.first_user + last.users - first_user_, cells_.front().first_chat,
                                 last.first_chat + last.chats - cells_.front().first_chat};
  ledger_ = std::make_unique<ledger::live_ledger>(plan_.run, rules_, range, kept_limits);
  crowd_ = std::make_unique<crowd>(
      crowd{.io = io_,
            .target = target_,
            .pool = std::make_shared<client::http::pool>(io_, target_->base_urls, plan_.connections),
            .connections = plan_.connections,
            .ledger = *ledger_,
            .counts = tally_,
            .pace = pace_of(*target_, plan_),
            .sessions = client::session_store::of(*target_),
            .created = client::created_file::to_add(plan_.created_file),
            .agent = fmt::format("rollcall/{} run={}", ROLLCALL_VERSION, plan_.run),
            .run = plan_.run,
            .chats = {},
            .first_chat = range.first_chat,
            .origin = clock::now(),
            .begin = time_point::max(),
            .backoff = random_stream(plan_.shape.seed, plan_.number, 4),
            .filler = filler(plan_.body_bytes),
            .scratch = {}});
  for (const cell& each : cells_) {
    for (std::uint32_t number = each.first_user; number < each.first_user + each.users; ++number) {
      users_.push_back(std::make_unique<simulated_user>(*crowd_, number, each.chats_of(number)));
    }
    for (std::uint32_t number = each.first_chat; number < each.first_chat + each.chats; ++number) {
      const auto [a, b] = each.members(number);
      crowd_->chats.push_back({.id = {}, .number = number, .a = a, .b = b});
      ledger_->chat(ledger::chat_id{number}, ledger::user_id{a}, ledger::user_id{b});
    }
  }
  next_settled_ = clock::now();
}

worker::~worker() {
  if (commands_.is_open()) commands_.release();
}

bool worker::run() {
  read_commands();
  if (!log_in_all() || !make_chats()) return false;
  connect_first();
  if (!wait_for_start()) return true;  // stopped before anything was sent: nothing to tell
  go();
  drain();
  leave_all();
  read_histories();
  finish();
  return true;
}

bool worker::wait_for_start() {
  while (!start_ && !stopped_) turn_until([&] { return start_.has_value(); }, clock::now() + 1s);
  if (!start_) return false;
  crowd_->begin = *start_;
  end_ = *start_ + plan_.duration;
  return true;
}

void worker::go() {
  arm_pacer();
  ticker_.expires_at(*start_);
  tick();
  turn_until([] { return false; }, *start_);
  while (clock::now() < end_ && !stopped_) turn_until([] { return false; }, end_);
  if (stopped_) {
    cut_short_ = "stopped";
    end_ = std::min(end_, clock::now());
  }
  fire(clock::now());  // what was due before the end
  pacer_.cancel();
}

void worker::drain() {
  tell(phase_report{"draining", 0, ledger_->in_flight()});
  const auto limit = clock::now() + 2 * plan_.patience;
  turn_until([&] { return crowd_->pool->pending() == 0 && ledger_->in_flight() == 0; }, limit);
  ticker_.cancel();
  report_intervals(clock::now());
  while (auto last = tally_.take_last(crowd_->online, ledger_findings(*ledger_))) tell(*last);
}

// Each socket is read to the peer's answer to our close: nothing that was still on its way goes unseen.
void worker::leave_all() {
  client::pump_ready(io_);
  ledger_->finish_drain(crowd_->at(clock::now()));
  for (const auto& each : users_) each->leave();
  turn_until([&] { return crowd_->sockets == 0; }, clock::now() + plan_.patience);
}

void worker::read_histories() {
  std::size_t next = 0;
  std::size_t under_way = 0;
  std::size_t done = 0;
  auto told = clock::now();
  while (done < crowd_->chats.size()) {
    while (next < crowd_->chats.size() && under_way < plan_.connections) {
      const shared_chat& chat = crowd_->chats[next++];
      ++under_way;
      user(chat.a).read_history(chat.number, true, [&] {
        --under_way;
        ++done;
      });
    }
    const auto before = done;
    turn_until([&] { return done > before; }, clock::now() + 1s);
    if (clock::now() - told > 500ms) {
      told = clock::now();
      tell(phase_report{"reading histories", done, crowd_->chats.size()});
    }
  }
}

void worker::finish() {
  const auto now = crowd_->at(clock::now());
  ledger_->conclude(now);
  final_report out = tally_.sums();
  for (std::uint64_t i = 0; i < ledger_->counts().of(ledger::finding_class::lost); ++i) {
    out.delivery.intended.record(static_cast<std::uint64_t>(plan_.patience / 1us));
    out.delivery.actual.record(static_cast<std::uint64_t>(plan_.patience / 1us));
  }
  report_ledger(*ledger_, rules_, *crowd_, plan_, out);
  out.cut_short = cut_short_;
  if (crowd_->created && !crowd_->created->good()) {
    fmt::print(stderr, "{} could not be written\n", plan_.created_file);
  }
  tell(out);
}

bool worker::turn_until(const std::function<bool()>& condition, time_point limit) {
  while (true) {
    const auto until = std::min(limit, next_settled_);
    const bool held = client::pump(
        io_, [&] { return condition() || (stopped_ && clock::now() < end_); }, until);
    const auto now = clock::now();
    if (now >= next_settled_) {
      next_settled_ = now + settle_period;
      if (client::pump_ready(io_)) ledger_->drained(crowd_->at(now));
    }
    report_intervals(now);
    if (held || condition()) return true;
    if (now >= limit) return false;
  }
}

void worker::read_commands() {
  client::asio::async_read_until(commands_, command_text_, '\n', [this](boost::system::error_code error, std::size_t) {
    if (error) {  // the runner is gone, or has nothing more to say
      stopped_ = true;
      return;
    }
    std::istream in(&command_text_);
    std::string line;
    std::getline(in, line);
    if (const auto got = read_command(line)) {
      if (got->kind == command::what::start) {
        start_ = time_point(got->at);
      } else {
        stopped_ = true;
      }
    }
    read_commands();
  });
}

void worker::arm_pacer() {
  const auto next = *start_ + schedule_.next_at();
  if (next >= end_) return;
  pacer_.expires_at(next);
  pacer_.async_wait([this](const boost::system::error_code& error) {
    if (error || stopped_) return;
    fire(clock::now());
    arm_pacer();
  });
}

// Does what is due by now.
void worker::fire(time_point now) {
  while (*start_ + schedule_.next_at() <= std::min(now, end_ - 1ns)) {
    const planned due = schedule_.next();
    const auto intended = *start_ + due.at;
    switch (due.kind) {
      case planned::what::come:
        user(due.user).come(intended);
        break;
      case planned::what::leave:
        user(due.user).leave();
        break;
      case planned::what::send:
        tally_.intended(due.at);
        user(due.user).send(due.chat, intended);
        break;
    }
  }
}

void worker::tick() {
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    const auto now = clock::now();
    tally_.lagged(crowd_->into_load(now), now - ticker_.expiry(), tick_period);
    // The next full tick: what was missed has been filled in.
    const auto missed = (now - ticker_.expiry()) / tick_period;
    ticker_.expires_at(ticker_.expiry() + (missed + 1) * tick_period);
    tick();
  });
}

void worker::report_intervals(time_point now) {
  if (!start_ || now < *start_) return;
  while (auto ended = tally_.take(now - *start_, crowd_->online, ledger_findings(*ledger_))) tell(*ended);
}

void worker::tell(const report& value) {
  const std::string line = to_line(value);
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t n = ::write(reports_fd_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) ::_exit(1);  // the runner is gone: nobody wants to know
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace loadgen

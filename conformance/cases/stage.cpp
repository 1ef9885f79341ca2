#include "conformance/cases/stage.hpp"

#include "conformance/runner/case_record.hpp"
#include "harness/client/loop.hpp"
#include "harness/client/transport/network.hpp"
#include "harness/declared/rules_of.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

namespace conformance {

namespace {

stage* current = nullptr;

/// Workers append theirs to the run's id, so that each worker's numbers have a name space of their own.
constexpr std::size_t run_id_length = 6;

}  // namespace

stage::stage(worker_plan plan, std::shared_ptr<const client::target> target, int records)
    : plan_(std::move(plan)),
      target_(std::move(target)),
      records_(records),
      signals_(io_, SIGTERM),
      trace_(plan_.run),
      trace_file_(plan_.trace_file),
      trace_writer_(trace_file_, trace_, plan_.seed, declared::rules_of(*target_, plan_.patience)),
      random_(plan_.seed),
      sessions_(client::session_store::of(*target_)),
      created_(client::created_file::to_add(plan_.created_file)) {
  if (target_->login.pace) {
    pace_ = std::make_shared<client::login_pace>(*target_->login.pace / std::max(1U, plan_.row_step));
  }
  current = this;
  client::transport::use(io_, client::transport::options_from_json(plan_.connections));
  signals_.async_wait([this](boost::system::error_code error, int) { stopping_ = stopping_ || !error; });
}

stage& stage::of_worker() {
  return *current;
}

bool stage::wait_until(const std::function<bool()>& condition, client::time_point deadline) {
  const std::function<bool()> over = [&] { return stopping_ || condition(); };
  const bool held = client::pump(io_, over, deadline);
  if (stopping_) throw stop_asked();
  return held;
}

actor& stage::new_user() {
  const auto number = plan_.first_number + users_.size();
  const std::uint64_t row = plan_.first_row + plan_.row_step * users_.size();
  const auto& rows = target_->users.rows;
  if (rows && row >= *rows) {
    throw std::runtime_error(
        fmt::format("the {} users of the target file are used up: no case shares its users with another", *rows));
  }
  const std::string name = fmt::format("rc-{}-{}", plan_.run.substr(0, run_id_length), number);
  client::user_options how{.connections = 16, .row = row, .pace = pace_, .sessions = sessions_};
  if (created_) how.on_created = [this](const client::created_thing& thing) { created_->add(thing); };
  client::user account(io_, target_, name, std::move(how));
  if (target_->login.needs_requests() || !target_->users.sign_up.empty()) log_in(account);
  actor& made = users_.emplace_back(*this, std::move(account));
  tell(user_line(made.name()));
  return made;
}

void stage::log_in(client::user& account) {
  std::optional<std::string> problem;
  account.log_in([&problem](const std::string& said) { problem = said; });
  const auto steps = target_->login.steps.size() + target_->users.sign_up.size();
  const auto deadline = client::clock::now() + static_cast<int>(steps) * patience() + patience();
  if (!wait_until([&] { return problem.has_value(); }, deadline)) problem = "no session within the patience";
  if (!problem->empty()) throw std::runtime_error("a user could not log in: " + *problem);
}

bool stage::is_siblings(std::string_view body) const {
  const auto found = ledger::read_tag(body);
  return found && found->intact && found->tag.run != plan_.run &&
         found->tag.run.substr(0, run_id_length) == plan_.run.substr(0, run_id_length);
}

void stage::tell(std::string_view line) {
  while (!line.empty()) {
    const ssize_t n = ::write(records_, line.data(), line.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) ::_exit(1);  // the runner is gone: nobody wants to know
    line.remove_prefix(static_cast<std::size_t>(n));
  }
}

void stage::write_trace() {
  trace_writer_.write(trace_);
  trace_file_.flush();
}

void stage::finish() {
  client::pump_ready(io_);
  for (device& each : devices_) {
    if (!each.ready()) continue;
    trace_.drained(now(), each.number(), !stopping_);  // a stopped case has not waited for what is due
    each.close();
  }
  const auto all_ended = [this] {
    return std::ranges::all_of(devices_, [](const device& each) { return each.ended().has_value(); });
  };
  client::pump(io_, all_ended, client::clock::now() + patience());
  trace_writer_.finish(trace_);
  trace_file_.flush();
  if (created_ && !created_->good()) fmt::print(stderr, "{} could not be written\n", plan_.created_file);
}

}  // namespace conformance

#include "harness/stack/part.hpp"

#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>

namespace stack {
namespace {
using namespace std::chrono_literals;
constexpr auto second_signal_after = 5s;
constexpr auto kill_after = 8s;
constexpr int quoted_lines = 10;

bool at_rest(pid_t pid) {
  const char state = process::state_of(pid);
  return state == 'T' || state == 't' || state == 'Z' || state == '\0';
}
}  // namespace

part::part(std::string name, client::part_kind kind, std::unique_ptr<recipe> how, std::filesystem::path log)
    : name_(std::move(name)), kind_(kind), how_(std::move(how)), log_file_(std::move(log)) {}

client::part part::description() const {
  client::part said;
  said.name = name_;
  said.kind = kind_;
  said.pid = pid_;
  said.address = how_->address();
  said.admin = how_->admin();
  said.paused = phase_ == phase::pausing || phase_ == phase::paused;
  return said;
}

void part::begin() {
  problem_.clear();
  if (!log_.open()) {
    log_ = descriptor(::open(log_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!log_.open()) {
      return failed(
          {failure::usage, log_file_.string() + ": cannot be written: " + std::generic_category().message(errno)});
    }
  }
  std::error_code ignored;
  log_start_ = std::filesystem::file_size(log_file_, ignored);
  const auto first = how_->preparation();
  if (!first) return failed(first.error());
  if (!*first) return begin_main();
  run(**first);
  if (pid_ != 0) phase_ = phase::preparing;
}

void part::begin_main() {
  const auto program = how_->main_program();
  if (!program) return failed(program.error());
  run(*program);
  how_->started();
  if (pid_ != 0) phase_ = phase::starting;
}

void part::run(const process::program& what) {
  const auto child = process::spawn(what, log_.get());
  if (!child) return failed(child.error());
  pid_ = *child;
  stopped_by_signal_ = false;
}

void part::end(clock::time_point time) {
  if (pid_ == 0) return;
  if (phase_ == phase::preparing) return end_at_once(time);  // nothing in it is worth an orderly end
  phase_ = phase::ending;
  ending_since_ = time;
  escalation_ = 0;
  ::kill(pid_, how_->stop_signal());
  if (stopped_by_signal_) signal_all(SIGCONT);
}

void part::end_at_once(clock::time_point time) {
  if (pid_ == 0) return;
  phase_ = phase::ending;
  ending_since_ = time;
  escalation_ = 2;
  ::kill(pid_, SIGKILL);  // its children become ours, and the supervisor kills what becomes ours
}

void part::pause(clock::time_point) {
  phase_ = phase::pausing;
  stopped_by_signal_ = true;
  ::kill(pid_, SIGSTOP);
}

void part::resume() {
  signal_all(SIGCONT);
  stopped_by_signal_ = false;
  phase_ = phase::up;
}

void part::signal_all(int number) const {
  for (const pid_t child : process::children_of(pid_)) ::kill(child, number);
  ::kill(pid_, number);
}

void part::tick(clock::time_point time, bool strays) {
  switch (phase_) {
    case phase::starting:
      if (how_->ready(pid_)) phase_ = phase::up;
      break;
    case phase::pausing: {
      // The main process first: once it rests it makes no more children.
      if (!at_rest(pid_)) break;
      const std::vector<pid_t> children = process::children_of(pid_);
      for (const pid_t child : children) ::kill(child, SIGSTOP);
      if (std::all_of(children.begin(), children.end(), at_rest)) phase_ = phase::paused;
      break;
    }
    case phase::ending:
      if (pid_ == 0) {
        if (!strays) phase_ = phase::down;
      } else if (escalation_ == 0 && time - ending_since_ > second_signal_after) {
        escalation_ = 1;
        ::kill(pid_, how_->second_signal());
      } else if (escalation_ == 1 && time - ending_since_ > kill_after) {
        escalation_ = 2;
        ::kill(pid_, SIGKILL);
      }
      break;
    case phase::down:
    case phase::preparing:
    case phase::up:
    case phase::paused:
      break;
  }
}

bool part::reaped(pid_t pid, int wait_status) {
  if (pid != pid_ || pid == 0) return false;
  pid_ = 0;
  stopped_by_signal_ = false;
  if (phase_ == phase::ending) return true;
  const phase before = phase_;
  phase_ = phase::down;
  if (before == phase::preparing && wait_status == 0) {
    if (const auto done = how_->prepared(); !done) {
      failed(done.error());
    } else {
      begin_main();
    }
    return true;
  }
  const std::string when = before == phase::preparing  ? " while its files were being made"
                           : before == phase::starting ? " before it was ready"
                                                       : "";
  failed({failure::not_started, describe(process::describe(wait_status) + when)});
  return true;
}

bool part::moving() const noexcept {
  return phase_ == phase::starting || phase_ == phase::pausing || phase_ == phase::ending;
}

std::string part::describe(const std::string& what) const {
  const std::string lines = last_lines(log_file_, log_start_, quoted_lines);
  std::string text = name_ + " " + what;
  text +=
      lines.empty() ? "; it logged nothing" : "; the last lines of " + log_file_.filename().string() + ":\n" + lines;
  return text;
}

void part::failed(const start_error& error) {
  phase_ = phase::down;
  problem_ = error.what;
  problem_kind_ = error.kind;
}

}  // namespace stack

#include "harness/stack/supervisor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace stack {
namespace json = boost::json;
namespace {
using namespace std::chrono_literals;
constexpr auto start_command_limit = 20s;
constexpr int quick_look_ms = 5;
}  // namespace

int supervisor::run() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&watched, number);
  ::sigprocmask(SIG_BLOCK, &watched, nullptr);
  signals_ = descriptor(::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // what outlives its own parent comes to us
  if (!read_plan()) return failed_ ? 1 : 0;
  try {
    loop();
  } catch (const std::exception& fault) {  // a fault of ours must not leave processes behind
    log(std::string("internal fault: ") + fault.what());
    failed_ = true;
    end_all("internal fault");
    loop();
  }
  for (part& one : roster_->parts) one.clear();
  roster_->home->remove();
  return failed_ ? 1 : 0;
}

// False when there is nothing to do: the parent has gone already, or the plan cannot work.
bool supervisor::read_plan() {
  std::optional<std::string> line;
  while (!(line = input_.next())) {
    if (!input_.read_once(commands_)) return false;
  }
  const plan wanted = plan_from(json::parse(*line));
  const char* secret = std::getenv("ROLLCALL_SECRET");
  auto made = make_roster(wanted, secret ? secret : "");
  if (!made) {
    failed_ = true;
    send({{"event", "failed"}, {"kind", static_cast<int>(made.error().kind)}, {"what", made.error().what}});
    return false;
  }
  roster_ = std::move(*made);
  for (part& one : roster_->parts) {
    if (std::find(wanted.down.begin(), wanted.down.end(), one.name()) == wanted.down.end()) at_start_.push_back(&one);
  }
  waiting_ = at_start_;
  start_deadline_ = part::clock::now() + std::chrono::milliseconds(wanted.deadline_ms);

  const std::string file = (roster_->logs / "supervisor.log").string();
  descriptor own_log(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (own_log.open()) ::dup2(own_log.get(), STDERR_FILENO);
  log("directory " + roster_->home->path().string());
  return true;
}

void supervisor::loop() {
  for (;;) {
    const bool strays = kill_strays();
    const auto now = part::clock::now();
    for (part& one : roster_->parts) one.tick(now, strays);
    notice_problems();
    settle_commands();
    if (ending_) {
      stop_parts();
    } else if (!announced_) {
      start_parts();
    }
    const bool all_down = std::all_of(roster_->parts.begin(), roster_->parts.end(),
                                      [](const part& one) { return one.now() == part::phase::down; });
    if (ending_ && all_down && !strays) return;
    watch();
  }
}

// Waits for a command, a signal, or the time to look again.
void supervisor::watch() {
  const bool moving =
      !pending_.empty() || ending_ || !announced_ ||
      std::any_of(roster_->parts.begin(), roster_->parts.end(), [](const part& one) { return one.moving(); });
  std::array<pollfd, 2> looked{{{signals_.get(), POLLIN, 0}, {input_open_ ? commands_ : -1, POLLIN, 0}}};
  ::poll(looked.data(), looked.size(), moving ? quick_look_ms : -1);
  if (looked[0].revents != 0) {
    signalfd_siginfo arrived{};
    while (::read(signals_.get(), &arrived, sizeof arrived) == sizeof arrived) {
      if (arrived.ssi_signo != SIGCHLD) end_all(std::string("signal ") + std::to_string(arrived.ssi_signo));
    }
    reap();
  }
  if (looked[1].revents != 0) {
    if (!input_.read_once(commands_)) {
      input_open_ = false;
      end_all("the owner has gone or is done");
    }
    while (const auto line = input_.next()) obey(json::parse(*line).as_object());
  }
}

void supervisor::reap() {
  for (;;) {
    int wait_status = 0;
    const pid_t pid = ::waitpid(-1, &wait_status, WNOHANG);
    if (pid <= 0) return;
    for (part& one : roster_->parts) {
      if (!one.reaped(pid, wait_status)) continue;
      log(one.name() + " (process " + std::to_string(pid) + ") " + process::describe(wait_status));
      break;
    }
  }
}

// Our children that no part knows are what outlived its own parent: the children of a killed postmaster.
bool supervisor::kill_strays() {
  bool found = false;
  for (const pid_t child : process::children_of(::getpid())) {
    const bool known = std::any_of(roster_->parts.begin(), roster_->parts.end(),
                                   [child](const part& one) { return one.pid() == child; });
    if (known) continue;
    found = true;
    ::kill(child, SIGKILL);
  }
  return found;
}

void supervisor::obey(const json::object& line) {
  command wanted;
  wanted.id = line.at("id").as_int64();
  wanted.verb = std::string(line.at("do").as_string());
  if (wanted.verb == "list") return answer(wanted.id);
  const std::string name(line.at("part").as_string());
  wanted.subject = roster_->find(name);
  if (!wanted.subject) {
    std::string names;
    for (const part& one : roster_->parts) names += (names.empty() ? "" : ", ") + one.name();
    return answer(wanted.id, name + ": no such part; there are " + names);
  }
  if (!announced_ || ending_) return answer(wanted.id, name + ": the stack is not running");
  log(wanted.verb + " " + name);
  carry_out(std::move(wanted));
}

void supervisor::carry_out(command wanted) {
  part& subject = *wanted.subject;
  const auto now = part::clock::now();
  const bool down = subject.now() == part::phase::down;
  wanted.deadline = now + start_command_limit;
  if (wanted.verb == "stop") {
    subject.end(now);
  } else if (wanted.verb == "kill") {
    subject.end_at_once(now);
  } else if (wanted.verb == "pause") {
    if (subject.now() == part::phase::up) subject.pause(now);
    if (down) return answer(wanted.id, subject.name() + ": cannot be paused, it is down");
  } else if (wanted.verb == "resume") {
    if (down) return answer(wanted.id, subject.name() + ": cannot be resumed, it is down");
    if (subject.description().paused) subject.resume();
  } else if (wanted.verb == "start") {
    if (!down) return answer(wanted.id, subject.name() + ": runs already");
    subject.begin();
  } else {
    return answer(wanted.id, wanted.verb + ": no such command");
  }
  pending_.push_back(std::move(wanted));
}

// Answers the commands that have come to their end.
void supervisor::settle_commands() {
  const auto now = part::clock::now();
  std::erase_if(pending_, [&](const command& one) {
    using enum part::phase;
    const part::phase wanted = one.verb == "pause" ? paused : one.verb == "stop" || one.verb == "kill" ? down : up;
    if (one.subject->now() == wanted) {
      answer(one.id);
      return true;
    }
    if (now < one.deadline && !ending_) return false;
    const std::string late = one.subject->describe("did not " + one.verb + " in time");
    if (one.verb == "start") one.subject->end_at_once(now);
    answer(one.id, late);
    return true;
  });
}

void supervisor::answer(std::int64_t id, const std::string& error) {
  json::object line{{"id", id}, {"parts", parts_as_json()}};
  if (!error.empty()) line["error"] = error;
  send(line);
}

// Each part as soon as those that it needs are up; then the ready line.
void supervisor::start_parts() {
  const auto up = [this](client::part_kind kind) {
    return std::all_of(at_start_.begin(), at_start_.end(),
                       [kind](const part* one) { return one->kind() != kind || one->now() == part::phase::up; });
  };
  std::erase_if(waiting_, [&](part* one) {
    const bool needs_broker = one->kind() == client::part_kind::api || one->kind() == client::part_kind::gateway;
    const bool needs_database = one->kind() == client::part_kind::api;
    const bool needs_services = one->kind() == client::part_kind::balancer;
    if (needs_broker && !up(client::part_kind::broker)) return false;
    if (needs_database && !up(client::part_kind::database)) return false;
    if (needs_services && !(up(client::part_kind::api) && up(client::part_kind::gateway))) return false;
    one->begin();
    return true;
  });
  if (waiting_.empty() && std::all_of(at_start_.begin(), at_start_.end(),
                                      [](part* one) { return one->now() == part::phase::up && one->serves(); })) {
    announced_ = true;
    send({{"event", "ready"},
          {"directory", roster_->home->path().string()},
          {"logs", roster_->logs.string()},
          {"parts", parts_as_json()}});
    return;
  }
  if (part::clock::now() < start_deadline_) return;
  for (part* one : at_start_) {
    if (one->now() == part::phase::up && one->serves()) continue;
    failed_ = true;
    send({{"event", "failed"},
          {"kind", static_cast<int>(failure::not_started)},
          {"what", one->describe("was not ready in time")}});
    break;
  }
  end_all("not ready in time");
}

// A part that went down by itself takes the whole stack with it, unless a command had just asked for its start.
void supervisor::notice_problems() {
  for (part& one : roster_->parts) {
    if (one.problem().empty() || ending_) continue;
    const auto starting = std::find_if(pending_.begin(), pending_.end(), [&](const command& each) {
      return each.subject == &one && each.verb == "start";
    });
    const std::string what = one.take_problem();
    if (starting != pending_.end()) {
      answer(starting->id, what);
      pending_.erase(starting);
      continue;
    }
    failed_ = true;
    if (announced_) {
      send({{"event", "died"}, {"what", what}});
    } else {
      send({{"event", "failed"}, {"kind", static_cast<int>(one.problem_kind())}, {"what", what}});
    }
    end_all(what);
  }
}

void supervisor::stop_parts() {
  const auto now = part::clock::now();
  const auto is_store = [](const part& one) {
    return one.kind() == client::part_kind::database || one.kind() == client::part_kind::broker;
  };
  bool services_down = true;
  for (part& one : roster_->parts) {
    if (is_store(one) || one.now() == part::phase::down) continue;
    services_down = false;
    if (one.now() != part::phase::ending) one.end(now);
  }
  if (!services_down) return;
  for (part& one : roster_->parts) {
    if (one.now() != part::phase::down && one.now() != part::phase::ending) one.end(now);
  }
}

void supervisor::end_all(const std::string& why) {
  if (ending_) return;
  log("stopping everything: " + why);
  ending_ = true;
  waiting_.clear();
}

void supervisor::send(const json::object& line) {
  write_line(answers_, json::serialize(line));
}

json::array supervisor::parts_as_json() const {
  json::array all;
  for (const part& one : roster_->parts) {
    const client::part said = one.description();
    all.push_back(json::object{{"name", said.name},
                               {"kind", static_cast<int>(said.kind)},
                               {"pid", said.pid},
                               {"address", said.address},
                               {"admin", said.admin},
                               {"paused", said.paused}});
  }
  return all;
}

void supervisor::log(const std::string& text) const {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> when{};
  std::strftime(when.data(), when.size(), "%FT%TZ", &parts);
  std::fprintf(stderr, "%s %s\n", when.data(), text.c_str());
}

}  // namespace stack

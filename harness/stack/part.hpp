// One part under the supervisor: a program, the process that runs it now, and what is being done to it. Moves on when
// told the time (tick) or the end of a process (reaped); never blocks. Owned by the supervisor, on its only thread.
//
//   down -> preparing -> starting -> up <-> paused
//   any  -> ending -> down
#pragma once

#include "harness/client/parts.hpp"
#include "harness/stack/descriptor.hpp"
#include "harness/stack/recipe.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace stack {

class part {
 public:
  using clock = std::chrono::steady_clock;
  enum class phase : std::uint8_t { down, preparing, starting, up, pausing, paused, ending };

  part(std::string name, client::part_kind kind, std::unique_ptr<recipe> how, std::filesystem::path log);

  const std::string& name() const noexcept { return name_; }
  client::part_kind kind() const noexcept { return kind_; }
  phase now() const noexcept { return phase_; }
  pid_t pid() const noexcept { return pid_; }
  client::part description() const;

  // From down. On failure it stays down, and problem() says why.
  void begin();
  // Orderly: the part's stop signal, its second one after 5 s, SIGKILL after 8 s.
  void end(clock::time_point time);
  // SIGKILL at once.
  void end_at_once(clock::time_point time);
  void pause(clock::time_point time);
  void resume();

  // Readiness, pausing, escalation. `strays` is false when no process is left that outlived its parent.
  void tick(clock::time_point time, bool strays);
  // A process ended. False when it is not this part's.
  bool reaped(pid_t pid, int wait_status);

  // In between two phases that last: wants tick() every few milliseconds.
  bool moving() const noexcept;
  // It went down by itself, or could not come up. One line, then log lines; empty when nothing is wrong.
  const std::string& problem() const noexcept { return problem_; }
  std::string take_problem() { return std::exchange(problem_, {}); }
  failure problem_kind() const noexcept { return problem_kind_; }
  // The same for a part that takes too long.
  std::string describe(const std::string& what) const;
  // While up: it can do its work.
  bool serves() { return how_->serves(); }
  // Removes what the processes left behind elsewhere; for the very end.
  void clear() noexcept { how_->clear(); }

 private:
  void run(const process::program& what);
  void begin_main();
  void signal_all(int number) const;
  void failed(const start_error& error);

  std::string name_;
  client::part_kind kind_;
  std::unique_ptr<recipe> how_;
  std::filesystem::path log_file_;
  descriptor log_;
  std::uintmax_t log_start_ = 0;  // where this run's lines begin
  phase phase_ = phase::down;
  pid_t pid_ = 0;
  bool stopped_by_signal_ = false;  // SIGSTOP was sent and SIGCONT was not
  clock::time_point ending_since_;
  int escalation_ = 0;
  std::string problem_;
  failure problem_kind_ = failure::not_started;
};

}  // namespace stack

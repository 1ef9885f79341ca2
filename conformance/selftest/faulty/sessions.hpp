// All open connections, for what concerns them all: the coarse clock that their deadlines hang on, and the shutdown.
// Holds them weakly: a session lives as long as an operation of its own is under way. One thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

namespace faulty {

class Session {
 public:
  using Clock = std::chrono::steady_clock;
  virtual ~Session() = default;

  // Called about every 100 ms.
  virtual void tick(Clock::time_point now) = 0;
  // A request was accepted and its answer is not written yet.
  virtual bool is_working() const { return false; }
  // Shutdown, first step: no further requests.
  virtual void finish_requests() {}
  // Shutdown, second step: say good-bye and close.
  virtual void go_away() {}
  // Closes at once.
  virtual void abort() = 0;
};

class Sessions {
 public:
  void add(const std::shared_ptr<Session>& session) { all_.push_back(session); }

  // The living ones, held for the time of the call. Forgets the dead.
  std::vector<std::shared_ptr<Session>> living() {
    std::vector<std::shared_ptr<Session>> sessions;
    sessions.reserve(all_.size());
    for (const auto& weak : all_)
      if (auto session = weak.lock()) sessions.push_back(std::move(session));
    all_.assign(sessions.begin(), sessions.end());
    return sessions;
  }

 private:
  std::vector<std::weak_ptr<Session>> all_;
};

}  // namespace faulty

// Notes for how long this machine lets a process stand still, on a thread of its own. Owned by a test that measures
// another process's punctuality: what this one was not given the other was not either.
#pragma once

#include <chrono>
#include <stop_token>
#include <thread>

namespace cli::test {

class standstill {
 public:
  standstill();

  // Ends the watch: the sum of all that went beyond what a woken thread usually waits.
  std::chrono::nanoseconds seen();

 private:
  void watch(const std::stop_token& enough);

  std::chrono::nanoseconds sum_{0};
  std::jthread thread_;
};

}  // namespace cli::test

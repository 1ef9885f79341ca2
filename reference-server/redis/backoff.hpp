// When to try Redis again: after 100 ms, growing by half each time to 1 s. A plain value owned by a link; no clock.
#pragma once

#include <algorithm>
#include <chrono>

namespace redis {

class backoff {
 public:
  static constexpr std::chrono::milliseconds first{100};
  static constexpr std::chrono::milliseconds longest{1000};

  // How long to wait before the next try; each call makes the one after it longer.
  std::chrono::milliseconds next() {
    const auto wait = next_;
    next_ = std::min(longest, next_ + next_ / 2);
    return wait;
  }
  // A try came through: the next wait is the first again.
  void succeeded() { next_ = first; }

 private:
  std::chrono::milliseconds next_ = first;
};

}  // namespace redis

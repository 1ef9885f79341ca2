// Logins are let through at a rate. Shared by the users of a process, on their thread.
#pragma once

#include "harness/client/net.hpp"

#include <algorithm>
#include <chrono>

namespace client {

class login_pace {
 public:
  explicit login_pace(double per_second)
      : step_(std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(1 / per_second))) {}

  // When the next login may begin; the one after it later.
  time_point reserve(time_point now) {
    const time_point when = std::max(now, next_);
    next_ = when + step_;
    return when;
  }

 private:
  clock::duration step_;
  time_point next_{};
};

}  // namespace client

// How busy the whole machine was, from the first line of /proc/stat. Any thread.
#pragma once

#include <chrono>

namespace loadgen {

class processor_time {
 public:
  processor_time();
  // Cores that were busy on average since construction (or the last call), whatever ran on them; 0 where the system
  // does not tell.
  double cores_busy();

 private:
  std::chrono::steady_clock::time_point at_;
  double busy_ = 0;
};

}  // namespace loadgen

#include "loadgen/run/processor_time.hpp"

#include <unistd.h>

#include <fstream>
#include <string>

namespace loadgen {

namespace {

// Seconds of all cores that were neither idle nor waiting for a disk (proc(5): user, nice, system, idle, iowait, irq,
// softirq, steal, in clock ticks).
double busy_seconds() {
  std::ifstream in("/proc/stat");
  std::string cpu;
  double user = 0;
  double nice = 0;
  double system = 0;
  double idle = 0;
  double iowait = 0;
  double irq = 0;
  double softirq = 0;
  double steal = 0;
  in >> cpu >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
  return (user + nice + system + irq + softirq + steal) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

processor_time::processor_time() : at_(std::chrono::steady_clock::now()), busy_(busy_seconds()) {}

double processor_time::cores_busy() {
  const auto now = std::chrono::steady_clock::now();
  const double busy = busy_seconds();
  const double elapsed = std::chrono::duration<double>(now - at_).count();
  const double cores = elapsed > 0 ? (busy - busy_) / elapsed : 0;
  at_ = now;
  busy_ = busy;
  return cores;
}

}  // namespace loadgen

// What the runner of a load run tells of its progress, gathered into what the live view shows. Owned by the command, on
// its thread.
#pragma once

#include "loadgen/run/run.hpp"
#include "reports/terminal/live_view.hpp"

#include <cstdint>

namespace cli {

class watched_load {
 public:
  explicit watched_load(std::uint64_t users) { now_.users = users; }

  const reports::live_load& take(const loadgen::load_progress& how);

 private:
  reports::live_load now_;
};

}  // namespace cli

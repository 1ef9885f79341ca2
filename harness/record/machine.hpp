// The machine that a run was made on, as far as results depend on it. Reads /proc once; any thread.
#pragma once

#include <cstdint>
#include <string>

namespace record {

struct machine {
  std::string cpu;               // model name, "unknown" where the system tells none
  std::uint32_t cores = 0;       // that this process may use
  std::uint64_t memory_mib = 0;  // of the whole machine
  std::string kernel;            // "Linux 6.1.0"
  std::uint64_t open_files = 0;  // RLIMIT_NOFILE, soft; 0: unlimited

  friend bool operator==(const machine&, const machine&) = default;
};

machine this_machine();

}  // namespace record

// How far a run has come, on standard error: one line that is written over on a terminal, a plain line every ten
// seconds elsewhere. Owned by a command, on its thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace cli {

class progress {
 public:
  explicit progress(bool quiet);

  void step(const std::string& what, std::size_t done, std::size_t all);

  /// Takes the live line away before other output.
  void clear();

 private:
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace cli

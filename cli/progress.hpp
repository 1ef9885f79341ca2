// How far a run has come, on standard error: a few lines that are written over on a terminal, a plain line every ten
// seconds elsewhere (and on a terminal that calls itself dumb). Owned by a command, on its thread.
#pragma once

#include "reports/terminal/live_area.hpp"
#include "reports/terminal/live_view.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace cli {

class progress {
 public:
  explicit progress(bool quiet);
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// May be called as often as there is news: what comes too fast to be seen is not drawn.
  void show(const reports::live_load& now);
  void show(const reports::live_cases& now);

  /// Takes the live lines away before other output.
  void clear();

 private:
  using clock = std::chrono::steady_clock;

  template <typename View>
  void draw(const View& now);

  bool quiet_;
  bool terminal_;
  bool unicode_;
  reports::live_area area_;
  clock::time_point last_;
};

}  // namespace cli

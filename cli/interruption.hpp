// Ctrl-C and SIGTERM as something to read: while one of these lives the two signals no longer end the process, they
// make fd() readable. Made by a command before it starts anything, on the main thread; one at a time.
#pragma once

#include "harness/record/exit_code.hpp"

#include <signal.h>

namespace cli {

class interruption {
 public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// A signalfd for SIGINT and SIGTERM; whoever reads it has taken the signal.
  int fd() const { return fd_; }

  /// Whether fd() is readable.
  bool pending() const;

  /// Takes the signal that made fd() readable: terminated for SIGTERM, else interrupted. Does not wait.
  record::exit_code take() const;

 private:
  sigset_t before_{};
  int fd_ = -1;
};

}  // namespace cli

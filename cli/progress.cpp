#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace cli {

progress::progress(bool quiet)
    : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1), last_(std::chrono::steady_clock::now()) {}

void progress::step(const std::string& what, std::size_t done, std::size_t all) {
  if (quiet_) return;
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}/{}  {}", done, all, what);
    std::fflush(stderr);
    shown_ = true;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::seconds(10)) return;
  last_ = now;
  fmt::print(stderr, "{}/{} cases done\n", done, all);
}

void progress::clear() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
}

}  // namespace cli

#include "cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace cli {

namespace {

constexpr std::chrono::milliseconds between_drawings{100};
constexpr std::chrono::seconds between_lines{10};

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool draws_in_place() {
  return ::isatty(STDERR_FILENO) == 1 && !variable("TERM").empty() && variable("TERM") != "dumb";
}

/// As the C library decides: the first of the three that says anything.
bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = variable(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != std::string_view::npos || value.find("utf8") != std::string_view::npos;
  }
  return false;
}

struct extent {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

extent terminal_extent() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = std::max<std::size_t>(size.ws_col, 10), .rows = size.ws_row};
}

/// In one piece, so that nothing half drawn is seen. What cannot be written is not missed.
void write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(STDERR_FILENO, bytes.data(), bytes.size());
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

progress::progress(bool quiet)
    : quiet_(quiet), terminal_(draws_in_place()), unicode_(speaks_utf8()), last_(clock::now()) {}

void progress::show(const reports::live_load& now) {
  draw(now);
}

void progress::show(const reports::live_cases& now) {
  draw(now);
}

template <typename View>
void progress::draw(const View& now) {
  if (quiet_) return;
  const auto moment = clock::now();
  const bool first = terminal_ && !area_.drawn();
  if (!first && moment - last_ < (terminal_ ? clock::duration(between_drawings) : clock::duration(between_lines))) {
    return;
  }
  last_ = moment;
  if (!terminal_) {
    write_out(plain_line(now) + "\n");
    return;
  }
  const auto [columns, rows] = terminal_extent();
  write_out(area_.redraw(dashboard(now, {.columns = columns, .unicode = unicode_}), columns, rows));
}

void progress::clear() {
  write_out(area_.clear(terminal_extent().columns));
}

}  // namespace cli

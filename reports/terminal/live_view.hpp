// How a run is going, for people who watch it: a few lines for a terminal, or one plain line for a log. Pure: values
// in, text out; no colour, what matters is a word. Who draws it in place is live_area.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reports {

/// One whole second of a load. Numbers of messages in it; latencies from the intended start.
struct live_second {
  std::uint64_t intended = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t delivered = 0;
  std::uint64_t late = 0;                 // begun more than 10 ms after the intended start
  std::uint64_t online = 0;               // users connected at its end
  std::optional<double> ack_p99_ms;       // nothing: nothing ended in it
  std::optional<double> delivery_p99_ms;  // the same
  double lag_p99_ms = 0;                  // of the generator's loops
};

/// A load run at one moment.
struct live_load {
  std::string phase;        // "making chats", "connecting", "load", "draining", "reading histories"
  std::uint64_t done = 0;   // of the phase
  std::uint64_t of = 0;     // 0: not known
  bool in_seconds = false;  // done and of are seconds: the load itself
  std::uint64_t users = 0;
  std::uint64_t findings = 0;        // of the ledger, so far
  std::uint64_t intended = 0;        // so far
  std::uint64_t late = 0;            // so far
  std::vector<live_second> seconds;  // the last ones, oldest first

  /// One more second; keeps the last sixty and adds to the sums.
  void add(const live_second& next);
};

/// A conformance run at one moment.
struct live_cases {
  std::uint64_t done = 0;
  std::uint64_t of = 0;
  std::uint64_t failed = 0;
  std::string latest;  // the case that ended last
};

struct live_style {
  std::size_t columns = 80;  // no line is as wide as the terminal: the last column stays free
  bool unicode = true;       // block characters; else ASCII
};

/// Six lines while there are seconds to show, else one. At 80 columns the sparklines show a minute.
std::vector<std::string> dashboard(const live_load& now, const live_style& style);
std::vector<std::string> dashboard(const live_cases& now, const live_style& style);

std::string plain_line(const live_load& now);
std::string plain_line(const live_cases& now);

/// One character for each of the last `width` values, between 0 and `top`; a space where there is none.
std::string sparkline(const std::vector<std::optional<double>>& values, double top, std::size_t width, bool unicode);

/// Columns that the text takes: its code points without escape sequences.
std::size_t display_width(std::string_view text);

}  // namespace reports

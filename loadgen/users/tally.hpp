// What a worker counts while it runs: the present intervals, and the sums for the end. Owned by the worker, on its
// thread; takes times as arguments (since the start of the load).
#pragma once

#include "loadgen/users/report_lines.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace loadgen {

inline constexpr std::chrono::milliseconds on_time_limit{10};  // a send begun later than this is late

class tally {
 public:
  using instant = std::chrono::nanoseconds;

  // A send became due at `planned`.
  void intended(instant planned);
  // It was handed to the connections, `waits` when all of them were waiting for the target.
  void handed_over(instant at, bool waits);
  // Its first byte left `behind` its intended start, as far as that was in our hands.
  void begun(instant at, instant behind);
  void not_sent(const std::string& reason);

  void acknowledged(instant at, instant since_intended, instant since_start);
  void refused(instant at);
  // Nothing is known of it, and nothing will be: its latency stands at the moment when it was given up.
  void unknown(instant at, instant since_intended, instant since_start);
  void delivered(instant at, instant since_intended, instant since_start);
  // Lost: it stands at its deadline.
  void undelivered(instant deadline);
  void connected(instant since_intended, instant since_start);

  // The loop came `behind` its own clock, which ticks every `period`.
  void lagged(instant at, instant behind, instant period);

  // The next interval that ended before `now`, to be reported; nothing when none did. Everything that was due in it
  // has been told by then.
  std::optional<interval_report> take(instant now, std::uint64_t online, std::uint64_t findings);
  // What is left at the end.
  std::optional<interval_report> take_last(std::uint64_t online, std::uint64_t findings);

  const final_report& sums() const { return sums_; }

  static constexpr instant interval = std::chrono::seconds(1);

 private:
  interval_report& of(instant at);

  std::deque<interval_report> open_;  // by number, from the first that was not taken yet
  std::uint64_t next_ = 0;            // number of open_.front()
  final_report sums_;
};

}  // namespace loadgen

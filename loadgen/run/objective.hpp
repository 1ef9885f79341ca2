// What a load run has to keep: the standing objectives, and those of --slo. Pure.
//
//   delivery.p99<50ms   ack.p99.9<=1s   ready.max<2s   ack.mean<20ms       a latency, from the intended start
//   delivery.within(250ms)>=99.9%                                          a share of all that was owed: what was lost
//                                                                          or never answered is not within
//   lost=0   late<=10                                                      a count of the ledger
//   refused<=0.1%   unknown<=0.1%   not_sent<=1%                           a share of the sends
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

enum class comparison : std::uint8_t { less, at_most, equal, at_least, greater };

struct objective {
  enum class measure : std::uint8_t { percentile, mean, max, within, count, share };

  std::string text;     // as it was written
  std::string subject;  // "ack", "delivery", "ready"; or a class of finding, "refused", "unknown", "not_sent"
  measure what = measure::count;
  double percentile = 0;               // of measure::percentile, 0 to 100
  std::chrono::nanoseconds within{0};  // of measure::within
  comparison compare = comparison::equal;
  double limit = 0;  // nanoseconds for percentile, mean and max; a share of 1 for within and share; else a count
  bool standing = false;
};

// Exactly one of the two is set; the problem is a clause that says what was expected.
struct read_objective {
  std::optional<objective> value;
  std::string problem;
};
read_objective parse_objective(std::string_view text);

// lost, duplicated, reordered, misrouted, corrupted, replayed, phantom, refused but delivered, refused but stored,
// missing from history, repeated in history, delivered but not stored, late = 0; refused and unknown <= 0.1 %.
std::vector<objective> standing_objectives();

bool holds(comparison how, double actual, double limit);

}  // namespace loadgen

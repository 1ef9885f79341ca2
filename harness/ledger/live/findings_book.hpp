// Where a live ledger writes down what it found: everything is counted, the first of each class are kept.
//
// One finding for all that is wrong in the same way with one message on one socket (or in history): what was reported
// is remembered, up to a bound; beyond it the oldest half is forgotten and a further repetition may be counted again.
// Owned by one live ledger.
#pragma once

#include "harness/ledger/live/live_finding.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ledger::live {

class findings_book {
 public:
  explicit findings_book(const live_limits& limits) : limits_(limits) {}

  void add(const live_finding& found);
  void take_back(finding_class kind, const message_key& message, std::uint32_t socket);
  void add_uncertain(const live_question& open);
  void add_announced(const live_question& open);
  void add_missed_in_warm_up(const live_question& open);
  void take_back_missed_in_warm_up(const live_question& open);

  // The findings kept since the last call.
  std::vector<live_finding> take_news() { return std::exchange(news_, {}); }
  bool has_news() const { return !news_.empty(); }

  live_counts& counts() { return counts_; }
  const live_counts& counts() const { return counts_; }
  std::span<const live_finding> findings() const { return findings_; }
  std::span<const live_question> uncertain() const { return uncertain_; }
  std::span<const live_question> announced() const { return announced_; }
  std::span<const live_question> missed_in_warm_up() const { return missed_in_warm_up_; }

  static constexpr std::size_t remembered = 65'536;  // twice this at most

 private:
  bool is_new(std::uint64_t what);

  live_limits limits_;
  live_counts counts_;
  std::array<std::size_t, finding_classes> kept_{};
  std::vector<live_finding> findings_;
  std::vector<live_finding> news_;
  std::vector<live_question> uncertain_;
  std::vector<live_question> announced_;
  std::vector<live_question> missed_in_warm_up_;
  std::unordered_set<std::uint64_t> reported_;
  std::unordered_set<std::uint64_t> reported_before_;
};

}  // namespace ledger::live

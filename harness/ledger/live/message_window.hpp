// The messages of one direction (a chat and a sender) that are not settled: a run of consecutive sequences, and behind
// it the few that linger because an open socket may still show something about them.
//
// Owned by the roster, which hands windows out to directions that need one and takes them back empty.
#pragma once

#include "harness/ledger/live/message_record.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ledger::live {

class message_window {
 public:
  // The run. `settled` is the direction's watermark: the run begins at the next sequence.
  message_record* find(std::uint32_t sequence, std::uint32_t settled);
  message_record& open(std::uint32_t sequence, std::uint32_t settled);  // makes room up to it
  message_record* front() { return head_ < run_.size() ? &run_[head_] : nullptr; }
  message_record take_front();
  void drop_front();

  // Those that linger, by sequence.
  message_record& linger(message_record&& value);
  std::vector<message_record>& lingering() { return lingering_; }

  bool empty() const { return head_ == run_.size() && lingering_.empty(); }
  std::size_t size() const { return run_.size() - head_ + lingering_.size(); }

  template <typename Visit>
  void each(Visit&& visit) {
    for (auto& one : lingering_) {
      visit(one);
    }
    for (auto i = head_; i < run_.size(); ++i) {
      visit(run_[i]);
    }
  }

 private:
  std::vector<message_record> run_;
  std::size_t head_ = 0;
  std::vector<message_record> lingering_;
};

}  // namespace ledger::live

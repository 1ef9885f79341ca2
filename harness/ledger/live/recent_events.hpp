// The latest raw events of a live ledger, compact, in a ring of fixed size: what the traces around findings are made
// of. Owned by one live ledger. 48 bytes an event; the oldest make room.
#pragma once

#include "harness/ledger/live/message_record.hpp"
#include "harness/ledger/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ledger::live {

struct raw_event {
  enum class sort : std::uint8_t {
    sent,
    answered,
    started,
    ready,
    ended,
    frame,
    drained,
    drained_last,
    walk_begun,
    row,
    walk_completed
  };
  instant at{};
  std::uint64_t id = 0;    // see short_id
  std::uint32_t chat = 0;  // the run's numbers
  std::uint32_t sender = 0;
  std::uint32_t sequence = 0;  // 0: not about a message
  std::uint32_t subject = 0;   // the number of the socket or walk
  std::uint32_t user = 0;      // whose socket, who reads, or to whom it was sent
  std::int16_t code = 0;       // of the close
  sort what{};
  std::uint8_t detail = 0;  // outcome or ending
  std::uint8_t attempt = 0;
  bool id_known = false;
  bool id_ordered = false;
  bool good = false;    // frame and row: intact; walk: whole
  bool unsent = false;  // frame and row: no such message was sent

  message_key message() const { return {chat_id{chat}, user_id{sender}, sequence}; }
  void about(const message_key& message) {
    chat = static_cast<std::uint32_t>(message.chat);
    sender = static_cast<std::uint32_t>(message.sender);
    sequence = message.sequence;
  }
  void named(const short_id& by) {
    id = by.value;
    id_known = by.known;
    id_ordered = by.ordered;
  }
};
static_assert(sizeof(raw_event) == 48);

class recent_events {
 public:
  explicit recent_events(std::size_t most) : most_(most) {}

  bool kept() const { return most_ > 0; }
  void add(const raw_event& value) {
    if (events_.size() < most_) {
      events_.push_back(value);
    } else if (most_ > 0) {
      events_[oldest_] = value;
      oldest_ = oldest_ + 1 == most_ ? 0 : oldest_ + 1;
    }
  }
  // From the oldest to the newest.
  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const auto place = oldest_ + i;
      visit(events_[place < events_.size() ? place : place - events_.size()]);
    }
  }

 private:
  std::size_t most_;
  std::size_t oldest_ = 0;
  std::vector<raw_event> events_;
};

}  // namespace ledger::live

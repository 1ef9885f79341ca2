// One message about which something is still open, and the sockets that it met. Plain values, owned by their window.
#pragma once

#include "harness/ledger/live/socket_table.hpp"
#include "harness/ledger/message_life.hpp"
#include "harness/ledger/moment.hpp"

#include <cstdint>
#include <vector>

namespace ledger::live {

// The target's id of a message, as a number: the id itself when it is decimal and fits, else a hash of its text.
struct short_id {
  std::uint64_t value = 0;
  bool known = false;
  bool ordered = false;  // value is the id itself

  friend bool operator==(const short_id&, const short_id&) = default;
};

// A message and a socket: one where it is due, or one that it came to.
struct meeting {
  std::uint32_t slot = none;
  std::uint8_t arrivals = 0;       // certain ones; stops at 255
  bool due = false;                // the recipient's, ready when the POST began
  bool came = false;               // seen at all, also by a damaged tag alone
  bool in_time = false;            // the first certain arrival came before the socket's end
  bool overdue = false;            // a drain past its deadline showed the socket without it
  bool decided = false;            // lost for good, announced or uncertain: the socket is gone
  moment arrived;                  // the first certain arrival
  instant latest{};                // the latest one
  std::uint32_t overtaken_by = 0;  // the sequence of a later message that was there before, until that is reported
  bool overtaken_by_echo = false;  // that one went the other way
};

struct message_record {
  std::uint32_t sequence = 0;
  std::uint8_t posts = 0;
  std::uint8_t answers = 0;
  std::uint8_t refusals = 0;
  ledger::fate fate = ledger::fate::never_sent;  // as counted; unanswered ones are never_sent
  bool acked_first = false;
  bool waits = false;     // until the deadline: for a retry after an unknown answer, or for echoes
  bool settling = false;  // the declared settle time has not passed
  bool held = false;      // a whole walk begun after its acknowledgement has been completed
  bool offline = false;   // counted as such
  bool stored = false;    // a walk showed it before its POST was answered
  user_id stored_reader{};
  instant stored_at{};
  moment sent;   // place 0: its number was handed out, its POST has not begun
  moment acked;  // the earliest; place 0: none
  short_id id;
  meeting first;
  std::vector<meeting> more;

  bool answered() const { return answers >= posts; }
  template <typename Visit>
  void each(Visit&& visit) {
    if (first.slot != none) {
      visit(first);
    }
    for (auto& one : more) {
      visit(one);
    }
  }
  meeting* with(std::uint32_t slot) {
    if (first.slot == slot) {
      return &first;
    }
    for (auto& one : more) {
      if (one.slot == slot) {
        return &one;
      }
    }
    return nullptr;
  }
  meeting& add(std::uint32_t slot) {
    auto& fresh = first.slot == none ? first : more.emplace_back();
    fresh.slot = slot;
    return fresh;
  }
};

}  // namespace ledger::live

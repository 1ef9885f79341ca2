// The rules about history, applied row by row and at the end of each walk: missing, repeated, refused but stored,
// delivered but not stored, misrouted, corrupted, phantom. The same decisions as history.cpp makes of a whole trace.
//
// A settled message needs no memory to be found missing: every sequence up to the watermark was acknowledged, except
// those that its direction names. While a walk through a chat is under way nothing of that chat is settled.
// Owned by one live ledger, together with the tables that it works on, which must outlive it.
#pragma once

#include "harness/ledger/live/delivery_rules.hpp"
#include "harness/ledger/live/findings_book.hpp"
#include "harness/ledger/live/roster.hpp"
#include "harness/ledger/live/sequence_set.hpp"
#include "harness/ledger/rules.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace ledger::live {

class walk_rules {
 public:
  walk_rules(const rules& declared, roster& known, const socket_table& sockets, findings_book& book,
             delivery_rules& delivery)
      : declared_(declared), known_(known), sockets_(sockets), book_(book), delivery_(delivery) {}

  live_walk begun(const moment& now, user_id reader, std::uint32_t chat, bool whole);
  // A row with a tag of this ledger; `of`: its direction.
  // Whether there is such a message.
  bool row(const moment& now, live_walk walk, way of, std::uint32_t sequence, const short_id& id, bool intact);
  // A row with a tag of this run that names no direction of this ledger.
  void stray(const moment& now, live_walk walk, const message_key& message, bool sent_elsewhere, bool intact);
  // The walk's number, counted from 0 over all walks, its reader and its chat. Throws std::out_of_range when it is
  // over.
  std::uint32_t number(live_walk walk) { return at(walk).number; }
  user_id reader(live_walk walk) { return at(walk).reader; }
  std::uint32_t chat(live_walk walk) { return at(walk).chat; }
  void completed(live_walk walk);
  void failed(live_walk walk);
  void fail_all();

 private:
  struct open_walk {
    std::uint32_t generation = 0;
    std::uint32_t number = 0;
    bool open = false;
    bool whole = false;
    bool disturbed = false;  // somebody was writing when it began
    user_id reader{};
    std::uint32_t chat = 0;
    std::uint32_t writes = 0;
    moment begun;
    instant latest{};
    std::array<sequence_set, 2> shown;     // by sender
    std::array<sequence_set, 2> doubtful;  // shown with a damaged tag alone
    std::vector<live_finding> repeated;
  };

  open_walk& at(live_walk walk);
  void close(open_walk& one, std::uint32_t slot);
  bool steady(const open_walk& one);
  bool reads(const open_walk& one, way of) const;
  void hold(open_walk& one, way of);
  void hold_settled(const open_walk& one, way of, const std::vector<std::uint32_t>& lingering);
  void hold_open(const open_walk& one, way of, message_record& record);
  live_finding about(finding_class kind, const open_walk& one, const message_key& message) const;

  const rules& declared_;
  roster& known_;
  const socket_table& sockets_;
  findings_book& book_;
  delivery_rules& delivery_;
  std::vector<open_walk> walks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t begun_ = 0;
};

}  // namespace ledger::live

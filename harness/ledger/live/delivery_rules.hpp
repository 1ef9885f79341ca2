// The rules about sockets, applied as things happen: owed, lost, late, announced, uncertain; misrouted, replayed,
// duplicated, refused but delivered; the order. The same decisions as delivery.cpp, unwanted.cpp and order.cpp make of
// a whole trace; here each falls at the first moment at which nothing can change it, and the message is then let go.
//
// Owned by one live ledger, together with the tables that it works on, which must outlive it.
#pragma once

#include "harness/ledger/live/findings_book.hpp"
#include "harness/ledger/live/roster.hpp"
#include "harness/ledger/live/socket_table.hpp"
#include "harness/ledger/rules.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace ledger::live {

struct shown {
  seen_as what = seen_as::foreign;
  instant sent{};
  bool was_sent = true;
};

class delivery_rules {
 public:
  delivery_rules(const rules& declared, roster& known, socket_table& sockets, findings_book& book)
      : declared_(declared), known_(known), sockets_(sockets), book_(book) {}

  void sent(const moment& now, way of, std::uint32_t sequence, std::uint32_t attempt);
  void answered(const moment& now, way of, std::uint32_t sequence, outcome result, const short_id& id,
                std::uint32_t attempt);
  // A message with a tag of this ledger. `intact`: its checksum is right.
  shown frame(const moment& now, std::uint32_t slot, way of, std::uint32_t sequence, const short_id& id, bool intact);
  // Text without a tag. True: it stands under the id of a message that is open, so it is that message, corrupted.
  bool foreign(const moment& now, std::uint32_t slot, const short_id& id);
  // A damaged tag: its own fields may name the wrong message, so the id decides, now or when an answer names it. What
  // the tag says (`told`) is the finding only when no id ever does. False: ids cannot tell here, the tag must.
  bool damaged(const moment& now, std::uint32_t slot, const short_id& id, const live_finding& told);
  // Nothing more is read from the socket. Its end must have been noted.
  void gone(std::uint32_t slot);
  bool drained(const moment& now);  // whether a deadline had passed
  void finish_drain(const moment& now);
  void conclude();

  // A walk through the chat, during which nothing of it is let go, is over.
  void resume(way of);

 private:
  enum class standing : std::uint8_t { stays, lingers, settled };
  struct due {
    instant at{};
    way of;
    std::uint32_t sequence = 0;
  };

  // Text without a whole tag under an id that nobody has yet: the answer that names it may be on its way.
  struct unclaimed {
    short_id id;
    std::uint32_t slot = none;
    std::uint32_t generation = 0;
    std::optional<live_finding> told;  // by a damaged tag
  };
  bool corrupted_by_id(const moment& now, std::uint32_t slot, const short_id& id);
  void hold(unclaimed one);
  void give_up(const unclaimed& one);
  static constexpr std::size_t most_unclaimed = 64;

  // Fates and findings (delivery_rules.cpp).
  void decide(way of, message_record& record);
  void count(fate value, bool more);
  void owe(const moment& now, way of, message_record& record);
  void count_absent(way of, message_record& record);
  void came_after_all(message_record& record);
  void deliver(const moment& now, way of, message_record& record, meeting& with);
  void miss(way of, message_record& record, meeting& with);
  void make_overdue(const moment& now, way of, message_record& record);
  bool in_warm_up(const message_record& record, const open_socket& on) const;
  bool lost_by_order(way of, const message_record& record, const meeting& with, live_finding& lost) const;
  live_finding about(finding_class kind, way of, std::uint32_t sequence, std::uint32_t slot, instant at) const;

  // Arrivals (arrival_rules.cpp).
  shown arrived(const moment& now, std::uint32_t slot, way of, message_record& record, const short_id& id,
                bool certain);
  shown arrived_settled(const moment& now, std::uint32_t slot, way of, std::uint32_t sequence, const short_id& id);
  shown overheard(const moment& now, std::uint32_t slot, way of, std::uint32_t sequence, message_record* record);
  void claim(const moment& now, way of, message_record& record);
  void came_corrupted(const moment& now, std::uint32_t slot, way of, message_record& record);
  void check_order(std::uint32_t slot, way of, const message_record& record, meeting& with);
  void note_shown(std::uint32_t slot, way of, const message_record& record);
  void judge(way of, message_record& record, meeting& with);
  void report_overtaken(way of, const message_record& record, meeting& with);
  bool discards() const { return declared_.offline == offline_policy::discard; }
  bool belongs(way of, const open_socket& on) const;
  bool stands_by(way of, const open_socket& on) const;
  bool settled_before(const message_record& record, const open_socket& on) const;
  bool delivered_before(message_record& record, std::uint32_t slot) const;
  bool orders_by_id(way of, const message_record& record) const;
  bool came_before(way of, std::uint32_t sequence, std::uint32_t slot) const;

  // Letting go (settling.cpp).
  standing standing_of(way of, message_record& record) const;
  void settle(way of, message_record& record);
  void advance(way of);
  void tidy(way of);
  void touch(way of, std::uint32_t sequence);
  void forget_one(way of);
  message_record& recall(way of, std::uint32_t sequence, remains kind);
  remains remains_of(way of, message_record& record) const;

  const rules& declared_;
  roster& known_;
  socket_table& sockets_;
  findings_book& book_;
  std::deque<due> deadlines_;
  std::deque<due> settling_;
  std::deque<unclaimed> unclaimed_;
};

}  // namespace ledger::live

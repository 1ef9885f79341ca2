#include "harness/ledger/live/delivery_rules.hpp"

#include <algorithm>

namespace ledger::live {

void delivery_rules::sent(const moment& now, way of, std::uint32_t sequence, std::uint32_t attempt) {
  auto& chat = known_.at(of.chat());
  ++chat.writes;
  ++chat.writing;
  auto& state = known_.at(of);
  auto* record = known_.find(of, sequence);
  if (record == nullptr && sequence <= state.settled) {
    record = &recall(of, sequence, state.of(sequence));
  } else if (record == nullptr) {
    record = &known_.window(of).open(sequence, state.settled);
  }
  state.handed_out = std::max(state.handed_out, sequence);
  ++record->posts;
  if (attempt > 1 || record->sent.place != 0) {
    return;
  }
  record->sent = now;
  ++book_.counts().totals.sent;
  for (auto slot = known_.user(known_.recipient(of)).first_socket; slot != none; slot = sockets_[slot].next_of_user) {
    if (sockets_[slot].is_ready()) {
      record->add(slot).due = true;
      sockets_.refer(slot);
    }
  }
}

void delivery_rules::answered(const moment& now, way of, std::uint32_t sequence, outcome result, const short_id& id,
                              std::uint32_t attempt) {
  auto& chat = known_.at(of.chat());
  chat.writing -= chat.writing > 0 ? 1 : 0;
  auto* const record = known_.find(of, sequence);
  if (record == nullptr || record->sent.place == 0) {
    return;
  }
  ++record->answers;
  record->refusals = static_cast<std::uint8_t>(record->refusals + (result == outcome::refused ? 1 : 0));
  if (result == outcome::unknown) {
    chat.quiet_from = now.at + declared_.deadline;
    record->waits = true;
    deadlines_.push_back({now.at + declared_.deadline, of, sequence});
  }
  if (result == outcome::acked && id.known) {
    if (record->acked.place == 0) {
      record->id = id;
    }
    claim(now, of, *record);  // before it is owed: what came is not missing
  }
  if (result == outcome::acked && record->acked.place == 0) {
    record->acked = now;
    record->acked_first = attempt == 1;
    if (id.known) {
      chat.ids_unordered = chat.ids_unordered || !id.ordered;
    }
    book_.counts().totals.acked_by_retry += attempt == 1 ? 0 : 1;
    if (declared_.settle.count() > 0) {
      record->settling = true;
      settling_.push_back({now.at + declared_.settle, of, sequence});
    }
    if (declared_.echo_allowed) {
      record->waits = true;
      deadlines_.push_back({now.at + declared_.deadline, of, sequence});
    }
  }
  decide(of, *record);
  if (record->acked_first && result == outcome::acked) {
    owe(now, of, *record);
  }
  touch(of, sequence);
}

void delivery_rules::decide(way of, message_record& record) {
  auto next = record.fate;
  if (record.acked.place != 0) {
    next = fate::acked;
  } else if (record.refusals >= record.posts) {
    next = fate::refused;
  } else if (record.answered()) {
    next = fate::unknown;
  }
  if (next == record.fate) {
    return;
  }
  const bool judged = record.fate != fate::never_sent;
  count(record.fate, false);
  count(next, true);
  record.fate = next;
  if (next == fate::refused && record.stored) {
    auto found = about(finding_class::refused_but_stored, of, record.sequence, none, record.stored_at);
    found.user = record.stored_reader;
    book_.add(found);
  }
  if (judged && next != fate::refused) {
    return;
  }
  record.each([&](meeting& with) {
    if (with.arrivals > 0) {
      judge(of, record, with);
      report_overtaken(of, record, with);
    }
  });
}

void delivery_rules::count(fate value, bool more) {
  auto& totals = book_.counts().totals;
  auto* const slot = value == fate::acked     ? &totals.acked
                     : value == fate::refused ? &totals.refused
                     : value == fate::unknown ? &totals.unknown
                                              : nullptr;
  if (slot == nullptr) {
    return;
  }
  *slot += more ? 1 : std::uint64_t{} - 1;
  if (value == fate::acked) {
    totals.in_history_unjudged += more ? 1 : std::uint64_t{} - 1;
  }
}

// The message was just acknowledged by its first POST: from now on it is owed to the sockets where it is due.
void delivery_rules::owe(const moment& now, way of, message_record& record) {
  bool anywhere = false;
  bool outstanding = false;
  record.each([&](meeting& with) {
    if (!with.due) {
      return;
    }
    anywhere = true;
    if (with.came) {
      deliver(now, of, record, with);
    } else if (sockets_[with.slot].gone) {
      miss(of, record, with);
    } else {
      outstanding = true;
    }
  });
  if (!anywhere) {
    count_absent(of, record);
  }
  if (outstanding && !declared_.echo_allowed) {
    deadlines_.push_back({record.acked.at + declared_.deadline, of, record.sequence});
  }
}

// It is owed to no socket. Of one that was being opened or closed meanwhile nobody can say whether it has to come
// there.
void delivery_rules::count_absent(way of, message_record& record) {
  bool met = known_.user(known_.recipient(of)).first_socket != none;
  record.each([&](const meeting& with) { met = met || sockets_[with.slot].user == known_.recipient(of); });
  record.offline = !met;
  ++(met ? book_.counts().coming_or_going : book_.counts().offline);
}

// Where a target needs a while to settle, a socket that was opened after the acknowledgement may still be shown it.
void delivery_rules::came_after_all(message_record& record) {
  if (record.offline) {
    record.offline = false;
    --book_.counts().offline;
    ++book_.counts().coming_or_going;
  }
}

void delivery_rules::deliver(const moment& now, way of, message_record& record, meeting& with) {
  auto& totals = book_.counts().totals;
  ++totals.delivered;
  if (!with.overdue) {
    ++totals.owed;
    return;
  }
  const auto& on = sockets_[with.slot];
  if (in_warm_up(record, on)) {
    ++totals.owed;
    book_.take_back_missed_in_warm_up({known_.key(of, record.sequence), on.number});
    return;
  }
  book_.take_back(finding_class::lost, known_.key(of, record.sequence), on.number);
  book_.add(about(finding_class::late, of, record.sequence, with.slot, now.at));
}

// The socket is gone, and the message that was owed to it had not come.
void delivery_rules::miss(way of, message_record& record, meeting& with) {
  with.decided = true;
  if (with.overdue) {
    return;  // counted when it became so
  }
  const auto& on = sockets_[with.slot];
  const live_question open{known_.key(of, record.sequence), on.number};
  if (on.announces) {
    // A close that we read after the deadline may have come before it, as long as no drain says otherwise.
    if (on.ended.at <= record.acked.at + declared_.deadline) {
      book_.add_announced(open);
    } else {
      book_.add_uncertain(open);
    }
    return;
  }
  if (in_warm_up(record, on)) {
    book_.add_missed_in_warm_up(open);
    return;
  }
  auto lost = about(finding_class::lost, of, record.sequence, with.slot, std::max(record.acked.at, on.ended.at));
  if (declared_.later_message_proves_loss && lost_by_order(of, record, with, lost)) {
    ++book_.counts().totals.owed;
    book_.add(lost);
  } else {
    book_.add_uncertain(open);
  }
}

// Of a socket where the message is due, so that it was ready before it.
bool delivery_rules::in_warm_up(const message_record& record, const open_socket& on) const {
  return declared_.warm_up.count() > 0 && record.sent.at < on.ready.at + declared_.warm_up;
}

bool delivery_rules::lost_by_order(way of, const message_record& record, const meeting& with,
                                   live_finding& lost) const {
  const auto* const seen = known_.lane_if(of, with.slot, sockets_);
  if (seen == nullptr) {
    return false;
  }
  if (seen->shown_post > record.acked.place) {
    lost.other = known_.key(of, seen->shown_post_sequence);
    return true;
  }
  if (orders_by_id(of, record) && seen->shown_id && record.id.value < seen->shown_highest_id) {
    lost.other = known_.key(of, seen->shown_sequence);
    lost.basis = order_basis::id;
    return true;
  }
  return false;
}

// Every socket that is still open was just read empty, past the deadline.
void delivery_rules::make_overdue(const moment& now, way of, message_record& record) {
  record.each([&](meeting& with) {
    if (!with.due || !record.acked_first || with.came || with.overdue || with.decided ||
        sockets_[with.slot].has_ended()) {
      return;
    }
    with.overdue = true;
    if (const auto& on = sockets_[with.slot]; in_warm_up(record, on)) {
      book_.add_missed_in_warm_up({known_.key(of, record.sequence), on.number});
      return;
    }
    ++book_.counts().totals.owed;
    book_.add(about(finding_class::lost, of, record.sequence, with.slot, now.at));
  });
}

live_finding delivery_rules::about(finding_class kind, way of, std::uint32_t sequence, std::uint32_t slot,
                                   instant at) const {
  live_finding found;
  found.kind = kind;
  found.message = known_.key(of, sequence);
  found.at = at;
  if (slot != none) {
    found.socket = sockets_[slot].number;
    found.user = sockets_[slot].user;
  }
  return found;
}

bool delivery_rules::drained(const moment& now) {
  while (!settling_.empty() && settling_.front().at < now.at) {
    const auto one = settling_.front();
    settling_.pop_front();
    if (auto* const record = known_.find(one.of, one.sequence)) {
      record->settling = false;
      touch(one.of, one.sequence);
    }
  }
  bool any = false;
  while (!deadlines_.empty() && deadlines_.front().at <= now.at) {
    any = true;
    const auto one = deadlines_.front();
    deadlines_.pop_front();
    if (auto* const record = known_.find(one.of, one.sequence)) {
      record->waits = false;
      make_overdue(now, one.of, *record);
      touch(one.of, one.sequence);
    }
  }
  return any;
}

void delivery_rules::finish_drain(const moment& now) {
  drained(now);
  known_.each_open([&](way of) {
    known_.window_if(of)->each([&](message_record& record) { make_overdue(now, of, record); });
    resume(of);
  });
}

void delivery_rules::gone(std::uint32_t slot) {
  const auto user = sockets_[slot].user;
  auto* link = &known_.user(user).first_socket;
  while (*link != slot) {
    link = &sockets_[*link].next_of_user;
  }
  *link = sockets_[slot].next_of_user;
  sockets_.refer(slot);  // until all is said about it
  sockets_.gone(slot);
  known_.each_chat(user, [&](std::uint32_t chat, std::uint32_t side) {
    const way incoming{chat * 2 + (1 - side)};
    if (auto* const window = known_.window_if(incoming)) {
      window->each([&](message_record& record) {
        auto* const with = record.with(slot);
        if (with != nullptr && with->due && record.acked_first && !with->came && !with->decided) {
          miss(incoming, record, *with);
        }
      });
      resume(incoming);
    }
  });
  sockets_.release(slot);
}

void delivery_rules::conclude() {
  for (const auto& one : unclaimed_) {
    give_up(one);
  }
  unclaimed_.clear();
  known_.each_open([&](way of) {
    known_.window_if(of)->each([&](message_record& record) {
      if (record.sent.place != 0 && record.fate == fate::never_sent) {
        record.answers = record.posts;
        decide(of, record);
      }
    });
  });
}

}  // namespace ledger::live

// The part of delivery_rules that looks at frames.
#include "harness/ledger/live/delivery_rules.hpp"

namespace ledger::live {

shown delivery_rules::frame(const moment& now, std::uint32_t slot, way of, std::uint32_t sequence, const short_id& id,
                            bool intact) {
  auto* const record = known_.find(of, sequence);
  const bool was_sent = record != nullptr ? record->sent.place != 0 : sequence <= known_.at(of).settled && sequence > 0;
  if (!intact) {
    book_.add(about(finding_class::corrupted, of, sequence, slot, now.at));
  } else if (!was_sent) {
    book_.add(about(finding_class::phantom, of, sequence, slot, now.at));
  }
  if (!was_sent) {
    return {intact ? seen_as::unsent : seen_as::damaged, {}, false};
  }
  if (declared_.everyone_receives && stands_by(of, sockets_[slot])) {
    const bool certain = intact || (id.known && record != nullptr && record->id == id);
    return certain ? overheard(now, slot, of, sequence, record) : shown{seen_as::damaged, {}, true};
  }
  if (record != nullptr) {
    // A damaged tag alone may name the wrong message; the target's id makes it certain.
    const bool certain = intact || (id.known && record->id == id);
    auto seen = arrived(now, slot, of, *record, id, certain);
    seen.what = intact ? seen.what : seen_as::damaged;
    touch(of, sequence);
    return seen;
  }
  return intact ? arrived_settled(now, slot, of, sequence, id) : shown{seen_as::damaged, {}, true};
}

bool delivery_rules::foreign(const moment& now, std::uint32_t slot, const short_id& id) {
  if (!id.known || !declared_.ids_unique) {
    return false;
  }
  if (corrupted_by_id(now, slot, id)) {
    return true;
  }
  hold({id, slot, sockets_[slot].generation, std::nullopt});
  return false;
}

bool delivery_rules::damaged(const moment& now, std::uint32_t slot, const short_id& id, const live_finding& told) {
  if (!id.known || !declared_.ids_unique) {
    return false;
  }
  if (!corrupted_by_id(now, slot, id)) {
    hold({id, slot, sockets_[slot].generation, told});
  }
  return true;
}

bool delivery_rules::corrupted_by_id(const moment& now, std::uint32_t slot, const short_id& id) {
  way found;
  std::uint32_t sequence = 0;
  known_.each_chat(sockets_[slot].user, [&](std::uint32_t chat, std::uint32_t side) {
    const way incoming{chat * 2 + (1 - side)};
    if (auto* const window = known_.window_if(incoming)) {
      window->each([&](message_record& record) {
        if (record.id == id) {
          found = incoming;
          sequence = record.sequence;
        }
      });
    }
  });
  if (!found) {
    return false;
  }
  came_corrupted(now, slot, found, *known_.find(found, sequence));
  touch(found, sequence);
  return true;
}

void delivery_rules::hold(unclaimed one) {
  if (unclaimed_.size() >= most_unclaimed) {
    give_up(unclaimed_.front());
    unclaimed_.pop_front();
  }
  if (one.told) {
    sockets_.refer(one.slot);  // it must be there still when the answer comes
  }
  unclaimed_.push_back(std::move(one));
}

// No answer ever named its id.
void delivery_rules::give_up(const unclaimed& one) {
  if (one.told) {
    book_.add(*one.told);
    sockets_.release(one.slot);
  }
}

// The answer named the message's id: was there text without a tag under it?
void delivery_rules::claim(const moment& now, way of, message_record& record) {
  if (unclaimed_.empty() || !declared_.ids_unique) {
    return;
  }
  std::erase_if(unclaimed_, [&](const unclaimed& one) {
    const auto& on = sockets_[one.slot];
    if (on.generation != one.generation || !(one.id == record.id) || on.user != known_.recipient(of)) {
      return false;
    }
    if (!one.told) {
      --book_.counts().totals.foreign;
    }
    // It came a while ago: its place in the order is not this one.
    book_.add(about(finding_class::corrupted, of, record.sequence, one.slot, now.at));
    arrived(now, one.slot, of, record, record.id, false);
    if (one.told) {
      sockets_.release(one.slot);
    }
    return true;
  });
}

void delivery_rules::came_corrupted(const moment& now, std::uint32_t slot, way of, message_record& record) {
  book_.add(about(finding_class::corrupted, of, record.sequence, slot, now.at));
  arrived(now, slot, of, record, record.id, true);
}

shown delivery_rules::arrived(const moment& now, std::uint32_t slot, way of, message_record& record, const short_id& id,
                              bool certain) {
  const auto& on = sockets_[slot];
  auto* with = record.with(slot);
  if (with == nullptr) {
    with = &record.add(slot);
    sockets_.refer(slot);
  }
  if (!with->came) {
    with->came = true;
    if (with->due && record.acked_first) {
      deliver(now, of, record, *with);
    }
  }
  if (!certain) {
    return {seen_as::damaged, {}, true};
  }
  if (id.known && !record.id.known) {
    record.id = id;
    known_.at(of.chat()).ids_unordered |= !id.ordered;
  }
  const bool first = with->arrivals == 0;
  with->arrivals = static_cast<std::uint8_t>(with->arrivals + (with->arrivals < 255 ? 1 : 0));
  with->latest = now.at;
  if (first) {
    with->arrived = now;
    with->in_time = !on.has_ended();
  }
  const bool its_own = belongs(of, on);
  const bool settled = settled_before(record, on);
  const bool fitting =
      its_own && record.fate != fate::refused && (!settled || !discards()) && !delivered_before(record, slot);
  if (first && fitting && !settled) {
    check_order(slot, of, record, *with);
    if (on.user == known_.recipient(of)) {
      came_after_all(record);
    }
  }
  if (on.user == known_.recipient(of)) {
    note_shown(slot, of, record);
  }
  if (record.fate != fate::never_sent) {
    judge(of, record, *with);
    report_overtaken(of, record, *with);
  }
  const auto what = !its_own ? seen_as::misplaced : first && fitting ? seen_as::first : seen_as::again;
  return {what, record.sent.at, true};
}

// On a socket of somebody else, where everybody receives. Nothing is kept for it, but for the first of them while the
// answer is awaited: it may be a refusal.
shown delivery_rules::overheard(const moment& now, std::uint32_t slot, way of, std::uint32_t sequence,
                                message_record* record) {
  ++book_.counts().totals.broadcast;
  const bool refused =
      record != nullptr ? record->fate == fate::refused : known_.at(of).of(sequence) == remains::refused;
  if (refused) {
    book_.add(about(finding_class::refused_but_delivered, of, sequence, slot, now.at));
  } else if (record != nullptr && record->fate == fate::never_sent) {
    bool any = false;
    record->each([&](const meeting& with) { any = any || stands_by(of, sockets_[with.slot]); });
    if (!any) {
      auto& with = record->add(slot);
      with.arrivals = 1;
      with.arrived = now;
      with.latest = now.at;
      sockets_.refer(slot);
    }
  }
  return {seen_as::overheard, {}, true};
}

// The message was settled: every socket of its recipient that was open then had it, and had been there before it.
shown delivery_rules::arrived_settled(const moment& now, std::uint32_t slot, way of, std::uint32_t sequence,
                                      const short_id& id) {
  const auto& on = sockets_[slot];
  const auto left = known_.at(of).of(sequence);
  const auto found = [&](finding_class kind) { book_.add(about(kind, of, sequence, slot, now.at)); };
  if (left == remains::refused) {
    found(finding_class::refused_but_delivered);
    return {belongs(of, on) ? seen_as::again : seen_as::misplaced, {}, true};
  }
  if (!belongs(of, on)) {
    found(finding_class::misrouted);
    return {seen_as::misplaced, {}, true};
  }
  if (on.user != known_.recipient(of) || left == remains::forgotten) {
    return {seen_as::again, {}, true};  // an echo after the deadline: whether it is the first cannot be told
  }
  if (left == remains::unknown || left == remains::missed) {
    return arrived(now, slot, of, recall(of, sequence, left), id, true);
  }
  found(came_before(of, sequence, slot) ? finding_class::duplicated : finding_class::replayed);
  return {seen_as::again, {}, true};
}

// Nothing is settled before every open socket of its recipient had it; so a settled message came to a socket, or was
// settled before the socket was opened.
bool delivery_rules::came_before(way of, std::uint32_t sequence, std::uint32_t slot) const {
  const auto* const seen = known_.lane_if(of, slot, sockets_);
  return seen != nullptr && sequence > seen->since;
}

bool delivery_rules::belongs(way of, const open_socket& on) const {
  return on.user == known_.recipient(of) || (declared_.echo_allowed && on.user == known_.sender(of));
}

bool delivery_rules::stands_by(way of, const open_socket& on) const {
  return on.user != known_.recipient(of) && on.user != known_.sender(of);
}

bool delivery_rules::settled_before(const message_record& record, const open_socket& on) const {
  return record.acked.place != 0 && after_by(on.started, record.acked, declared_.settle);
}

// On another socket of the same user that was over before this one was opened.
bool delivery_rules::delivered_before(message_record& record, std::uint32_t slot) const {
  const auto& on = sockets_[slot];
  bool before = false;
  record.each([&](const meeting& other) {
    // What was read after our own close may have been written off by the server in good faith.
    before = before || (other.slot != slot && other.arrivals > 0 && other.in_time &&
                        sockets_[other.slot].user == on.user && after_by(on.started, other.arrived, declared_.settle));
  });
  return before;
}

void delivery_rules::judge(way of, message_record& record, meeting& with) {
  const auto& on = sockets_[with.slot];
  const auto found = [&](finding_class kind) { book_.add(about(kind, of, record.sequence, with.slot, with.latest)); };
  if (record.fate == fate::refused) {
    found(finding_class::refused_but_delivered);
  } else if (declared_.everyone_receives && stands_by(of, on)) {
    return;  // counted when it came
  } else if (!belongs(of, on)) {
    found(finding_class::misrouted);
  } else if ((discards() && settled_before(record, on)) || delivered_before(record, with.slot)) {
    found(finding_class::replayed);
  } else if (with.arrivals > 1) {
    found(finding_class::duplicated);
  }
}

bool delivery_rules::orders_by_id(way of, const message_record& record) const {
  return declared_.ids_ordered && !known_.at(of.chat()).ids_unordered && record.id.ordered;
}

void delivery_rules::check_order(std::uint32_t slot, way of, const message_record& record, meeting& with) {
  auto& own = known_.lane_of(of, slot, sockets_, record.sequence);
  auto& compared = book_.counts().totals.ordered_by;
  if (orders_by_id(of, record)) {
    const auto* top = own.has_id ? &own : nullptr;
    const auto* const echo = declared_.echo_allowed ? known_.lane_if(of.back(), slot, sockets_) : nullptr;
    if (echo != nullptr && echo->has_id && (top == nullptr || echo->highest_id > top->highest_id)) {
      top = echo;
    }
    compared[static_cast<std::size_t>(order_basis::id)] += top == nullptr ? 0 : 1;
    if (top != nullptr && record.id.value < top->highest_id) {
      with.overtaken_by = top->highest_sequence;
      with.overtaken_by_echo = top == echo;
    } else if (!own.has_id || record.id.value > own.highest_id) {
      own.has_id = true;
      own.highest_id = record.id.value;
      own.highest_sequence = record.sequence;
    }
  } else {
    compared[static_cast<std::size_t>(order_basis::sequence)] += own.latest_sequence == 0 ? 0 : 1;
    // Two POSTs under way at once have no order of their own.
    if (record.acked.place != 0 && record.acked.place < own.latest_post) {
      with.overtaken_by = own.latest_sequence;
    } else if (record.sent.place > own.latest_post) {
      own.latest_post = record.sent.place;
      own.latest_sequence = record.sequence;
    }
  }
}

void delivery_rules::report_overtaken(way of, const message_record& record, meeting& with) {
  if (with.overtaken_by == 0 || record.fate == fate::refused) {
    return;
  }
  auto found = about(finding_class::reordered, of, record.sequence, with.slot, with.arrived.at);
  found.basis = orders_by_id(of, record) ? order_basis::id : order_basis::sequence;
  found.other = known_.key(with.overtaken_by_echo ? of.back() : of, with.overtaken_by);
  with.overtaken_by = 0;
  book_.add(found);
}

void delivery_rules::note_shown(std::uint32_t slot, way of, const message_record& record) {
  auto& seen = known_.lane_of(of, slot, sockets_, record.sequence);
  if (record.sent.place > seen.shown_post) {
    seen.shown_post = record.sent.place;
    seen.shown_post_sequence = record.sequence;
  }
  if (orders_by_id(of, record) && (!seen.shown_id || record.id.value > seen.shown_highest_id)) {
    seen.shown_id = true;
    seen.shown_highest_id = record.id.value;
    seen.shown_sequence = record.sequence;
  }
}

}  // namespace ledger::live

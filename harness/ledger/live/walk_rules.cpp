#include "harness/ledger/live/walk_rules.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ledger::live {

live_walk walk_rules::begun(const moment& now, user_id reader, std::uint32_t chat, bool whole) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(walks_.size()));
    walks_.emplace_back();
  }
  const auto slot = free_.back();
  free_.pop_back();
  auto& state = known_.at(chat);
  ++state.walks;
  auto& one = walks_[slot];
  one.open = true;
  one.number = begun_++;
  one.whole = whole;
  one.reader = reader;
  one.chat = chat;
  one.writes = state.writes;
  one.disturbed = state.writing > 0 || now.at < state.quiet_from;
  one.begun = now;
  one.latest = now.at;
  return {slot, one.generation};
}

bool walk_rules::row(const moment& now, live_walk walk, way of, std::uint32_t sequence, const short_id& id,
                     bool intact) {
  auto& one = at(walk);
  one.latest = now.at;
  const auto message = known_.key(of, sequence);
  const bool here = of.chat() == one.chat;
  auto* const record = known_.find(of, sequence);
  const bool was_sent = record != nullptr ? record->sent.place != 0 : sequence <= known_.at(of).settled && sequence > 0;
  if (!intact) {
    book_.add(about(finding_class::corrupted, one, message));
  } else if (!was_sent) {
    book_.add(about(finding_class::phantom, one, message));
  }
  const bool certain = intact || (id.known && record != nullptr && record->id == id);
  if (!was_sent || !certain) {
    if (here) {
      one.doubtful[of.side()].insert(sequence);
    }
    return was_sent;
  }
  if (record != nullptr && record->fate == fate::never_sent && !record->stored) {
    record->stored = true;  // if it is refused in the end
    record->stored_reader = one.reader;
    record->stored_at = now.at;
  }
  const bool refused =
      record != nullptr ? record->fate == fate::refused : known_.at(of).of(sequence) == remains::refused;
  if (refused) {
    book_.add(about(finding_class::refused_but_stored, one, message));
  } else if (!here || !reads(one, of)) {
    book_.add(about(finding_class::misrouted, one, message));
  }
  if (here && !one.shown[of.side()].insert(sequence)) {
    one.repeated.push_back(about(finding_class::repeated_in_history, one, message));
  }
  return true;
}

void walk_rules::stray(const moment& now, live_walk walk, const message_key& message, bool sent_elsewhere,
                       bool intact) {
  auto& one = at(walk);
  one.latest = now.at;
  book_.add(about(!intact          ? finding_class::corrupted
                  : sent_elsewhere ? finding_class::misrouted
                                   : finding_class::phantom,
                  one, message));
}

void walk_rules::completed(live_walk walk) {
  auto& one = at(walk);
  ++book_.counts().totals.walks;
  const bool was_steady = steady(one);
  if (was_steady) {
    for (const auto& found : one.repeated) {
      book_.add(found);
    }
  }
  if (one.whole && was_steady) {
    for (const std::uint32_t side : {0U, 1U}) {
      const way of{one.chat * 2 + side};
      // A stranger who reads an empty list shows nothing about the chat.
      if (reads(one, of)) {
        hold(one, of);
      }
    }
  }
  close(one, walk.slot);
}

void walk_rules::failed(live_walk walk) {
  auto& one = at(walk);
  if (steady(one)) {
    for (const auto& found : one.repeated) {
      book_.add(found);
    }
  }
  close(one, walk.slot);
}

void walk_rules::fail_all() {
  for (std::uint32_t slot = 0; slot < walks_.size(); ++slot) {
    if (walks_[slot].open) {
      failed({slot, walks_[slot].generation});
    }
  }
}

walk_rules::open_walk& walk_rules::at(live_walk walk) {
  if (walk.slot >= walks_.size() || !walks_[walk.slot].open || walks_[walk.slot].generation != walk.generation) {
    throw std::out_of_range("this handle of a walk is over");
  }
  return walks_[walk.slot];
}

void walk_rules::close(open_walk& one, std::uint32_t slot) {
  const auto chat = one.chat;
  const auto generation = one.generation + 1;
  walks_[slot] = {};
  walks_[slot].generation = generation;
  free_.push_back(slot);
  if (--known_.at(chat).walks == 0) {
    for (const std::uint32_t side : {0U, 1U}) {
      delivery_.resume({chat * 2 + side});
    }
  }
}

bool walk_rules::steady(const open_walk& one) {
  return declared_.walks_are_stable || (!one.disturbed && known_.at(one.chat).writes == one.writes);
}

bool walk_rules::reads(const open_walk& one, way of) const {
  return one.reader == known_.sender(of) || one.reader == known_.recipient(of);
}

// What a whole walk should have shown of one direction.
void walk_rules::hold(open_walk& one, way of) {
  std::vector<std::uint32_t> lingering;
  if (auto* const window = known_.window_if(of)) {
    window->each([&](message_record& record) { hold_open(one, of, record); });
    for (const auto& record : window->lingering()) {
      lingering.push_back(record.sequence);
    }
  }
  hold_settled(one, of, lingering);
}

void walk_rules::hold_settled(const open_walk& one, way of, const std::vector<std::uint32_t>& lingering) {
  auto& state = known_.at(of);
  const auto& shown = one.shown[of.side()];
  const auto& doubtful = one.doubtful[of.side()];
  for (std::uint32_t sequence = 1; sequence <= state.settled; ++sequence) {
    if (shown.contains(sequence) || doubtful.contains(sequence) ||
        std::binary_search(lingering.begin(), lingering.end(), sequence)) {
      continue;
    }
    const auto left = state.of(sequence);
    if (left == remains::unknown_delivered) {
      book_.add(about(finding_class::delivered_not_stored, one, known_.key(of, sequence)));
    } else if (left != remains::unknown && left != remains::refused) {
      book_.add(about(finding_class::missing_from_history, one, known_.key(of, sequence)));
    }
  }
  const auto acked = state.settled - state.not_acked() - static_cast<std::uint32_t>(lingering.size());
  if (acked > state.held) {
    book_.counts().totals.in_history_checked += acked - state.held;
    book_.counts().totals.in_history_unjudged -= acked - state.held;
    state.held = acked;
  }
}

void walk_rules::hold_open(const open_walk& one, way of, message_record& record) {
  const auto side = of.side();
  const bool there = one.shown[side].contains(record.sequence) || one.doubtful[side].contains(record.sequence);
  if (record.acked.place != 0 && record.acked < one.begun) {
    if (!record.held) {
      record.held = true;
      ++book_.counts().totals.in_history_checked;
      --book_.counts().totals.in_history_unjudged;
    }
    if (!there) {
      book_.add(about(finding_class::missing_from_history, one, known_.key(of, record.sequence)));
    }
    return;
  }
  bool delivered = false;
  record.each([&](const meeting& with) {
    delivered = delivered ||
                (with.arrivals > 0 && with.arrived < one.begun && sockets_[with.slot].user == known_.recipient(of));
  });
  if (!there && delivered && record.fate != fate::refused) {
    book_.add(about(finding_class::delivered_not_stored, one, known_.key(of, record.sequence)));
  }
}

live_finding walk_rules::about(finding_class kind, const open_walk& one, const message_key& message) const {
  live_finding found;
  found.kind = kind;
  found.message = message;
  found.user = one.reader;
  found.at = one.latest;
  return found;
}

}  // namespace ledger::live

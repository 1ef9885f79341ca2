// The part of delivery_rules that lets messages go, so that memory is bounded by what is in flight.
#include "harness/ledger/live/delivery_rules.hpp"

#include <algorithm>

namespace ledger::live {
namespace {

// Of one direction. Only a target that keeps messages back from open sockets by the hundred comes near it.
constexpr std::size_t most_lingering = 256;

}  // namespace

delivery_rules::standing delivery_rules::standing_of(way of, message_record& record) const {
  if (record.sent.place == 0 || !record.answered() || record.settling) {
    return standing::stays;
  }
  if (record.fate == fate::refused) {
    return standing::settled;
  }
  bool outstanding = false;
  record.each([&](const meeting& with) {
    outstanding = outstanding || (with.due && record.acked_first && !with.came && !with.overdue && !with.decided);
  });
  if (outstanding) {
    return standing::stays;
  }
  if (record.waits) {
    return standing::lingers;
  }
  // A socket that had it, and had been there before it, can only show it again; any other may still show something.
  for (auto slot = known_.user(known_.recipient(of)).first_socket; slot != none; slot = sockets_[slot].next_of_user) {
    const auto* const with = record.with(slot);
    if (with == nullptr || with->arrivals == 0 || sockets_[slot].started > record.sent) {
      return standing::lingers;
    }
  }
  return standing::settled;
}

void delivery_rules::advance(way of) {
  auto* const window = known_.window_if(of);
  if (window == nullptr || known_.at(of.chat()).walks > 0) {
    return;
  }
  auto& state = known_.at(of);
  while (auto* const next = window->front()) {
    const auto how = standing_of(of, *next);
    if (how == standing::stays) {
      break;
    }
    ++state.settled;
    if (how == standing::lingers) {
      window->linger(window->take_front());
      forget_one(of);
    } else {
      settle(of, *next);
      window->drop_front();
    }
  }
  known_.give_back_window(of);
}

void delivery_rules::resume(way of) {
  tidy(of);
  advance(of);
}

void delivery_rules::tidy(way of) {
  auto* const window = known_.window_if(of);
  if (window == nullptr || known_.at(of.chat()).walks > 0) {
    return;
  }
  std::erase_if(window->lingering(), [&](message_record& record) {
    const bool over = standing_of(of, record) == standing::settled;
    if (over) {
      settle(of, record);
    }
    return over;
  });
  known_.give_back_window(of);
}

// After something happened to a message.
void delivery_rules::touch(way of, std::uint32_t sequence) {
  if (sequence <= known_.at(of).settled) {
    tidy(of);
  } else {
    advance(of);
  }
}

remains delivery_rules::remains_of(way of, message_record& record) const {
  bool delivered = false;
  record.each([&](const meeting& with) {
    delivered = delivered || (with.arrivals > 0 && sockets_[with.slot].user == known_.recipient(of));
  });
  switch (record.fate) {
    case fate::refused:
      return remains::refused;
    case fate::acked:
      return delivered || discards() ? remains::nothing : remains::missed;
    case fate::unknown:
    case fate::never_sent:
      break;
  }
  return delivered ? remains::unknown_delivered : remains::unknown;
}

void delivery_rules::settle(way of, message_record& record) {
  auto& state = known_.at(of);
  const auto left = remains_of(of, record);
  if (left != remains::nothing) {
    if (!state.left) {
      state.left = std::make_unique<settled_runs>();
    }
    state.left->add(record.sequence, left);
  }
  state.held += record.held ? 1 : 0;
  record.each([&](const meeting& with) { sockets_.release(with.slot); });
}

// No false alarm: a message that was given up is never judged again.
void delivery_rules::forget_one(way of) {
  auto& among = known_.window_if(of)->lingering();
  if (among.size() <= most_lingering) {
    return;
  }
  const auto oldest =
      std::find_if(among.begin(), among.end(), [](const message_record& one) { return one.answered(); });
  if (oldest == among.end()) {
    return;
  }
  const bool acked = oldest->fate == fate::acked;
  settle(of, *oldest);
  auto& state = known_.at(of);
  if (!state.left) {
    state.left = std::make_unique<settled_runs>();
  }
  state.left->add(oldest->sequence, acked ? remains::forgotten : remains::unknown);
  book_.counts().forgotten += 1;
  among.erase(oldest);
}

// A settled message about which something can happen after all: a retry, or its first frame.
message_record& delivery_rules::recall(way of, std::uint32_t sequence, remains kind) {
  auto& state = known_.at(of);
  if (state.left) {
    state.left->remove(sequence);
  }
  message_record again;
  again.sequence = sequence;
  again.posts = again.answers = 1;
  again.sent = {{}, 1};
  again.fate = kind == remains::refused                                         ? fate::refused
               : kind == remains::unknown || kind == remains::unknown_delivered ? fate::unknown
                                                                                : fate::acked;
  if (again.fate == fate::acked) {
    again.acked = {{}, 1};
    again.held = state.held > 0;
    state.held -= again.held ? 1 : 0;
  }
  again.refusals = again.fate == fate::refused ? 1 : 0;
  return known_.window(of).linger(std::move(again));
}

}  // namespace ledger::live

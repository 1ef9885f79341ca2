// What a live ledger is made of: its tables, the rules that work on them, and the notes for traces around findings.
// Included by live_ledger.cpp alone.
#pragma once

#include "harness/ledger/live/delivery_rules.hpp"
#include "harness/ledger/live/finding_traces.hpp"
#include "harness/ledger/live/findings_book.hpp"
#include "harness/ledger/live/live_ledger.hpp"
#include "harness/ledger/live/recent_events.hpp"
#include "harness/ledger/live/roster.hpp"
#include "harness/ledger/live/socket_table.hpp"
#include "harness/ledger/live/walk_rules.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ledger {

class live_ledger::books {
 public:
  books(std::string of, rules with, const live_range& range, const live_limits& limits)
      : run(std::move(of)),
        declared(std::move(with)),
        known(range),
        book(limits),
        delivery(declared, known, sockets, book),
        walks(declared, known, sockets, book, delivery),
        recent(limits.recent_events) {}

  // Every call is an event of its own, also at the same time as the one before.
  moment next(instant at) {
    latest = std::max(latest, at);
    return {latest, ++place};
  }
  std::uint32_t slot(live_socket socket) {
    sockets.at(socket.slot, socket.generation);
    return socket.slot;
  }
  // What a damaged tag says of itself.
  live_finding corrupted(const moment& now, std::uint32_t slot, const message_key& message) const {
    live_finding found;
    found.kind = finding_class::corrupted;
    found.message = message;
    found.socket = sockets[slot].number;
    found.user = sockets[slot].user;
    found.at = now.at;
    return found;
  }
  // A message of another worker of the run, or of nobody.
  live::shown stray(const moment& now, std::uint32_t slot, const message_key& message, bool intact) {
    const bool elsewhere = !known.covers(message.chat);
    if (elsewhere && intact && declared.everyone_receives) {
      ++book.counts().totals.broadcast;
      return {seen_as::overheard, {}, true};
    }
    live_finding found;
    found.kind = !intact ? finding_class::corrupted : elsewhere ? finding_class::misrouted : finding_class::phantom;
    found.message = message;
    found.socket = sockets[slot].number;
    found.user = sockets[slot].user;
    found.at = now.at;
    book.add(found);
    return {!intact ? seen_as::damaged : elsewhere ? seen_as::misplaced : seen_as::unsent, {}, false};
  }
  void end(const moment& now, std::uint32_t slot, ending how, int close_code) {
    auto& one = sockets[slot];
    if (one.has_ended()) {
      return;
    }
    one.ended = now;
    const auto& codes = declared.announcing_close_codes;
    one.announces = how == ending::closed_by_peer && std::find(codes.begin(), codes.end(), close_code) != codes.end();
    note_socket(live::raw_event::sort::ended, slot, how, close_code);
  }

  // After everything that may have found something.
  void note(const live::raw_event& happened) {
    if (!recent.kept()) {
      return;
    }
    recent.add(happened);
    look();
  }
  void look() {
    if (book.has_news()) {
      for (const auto& found : book.take_news()) {
        traces.watch(found, known.members(found.message.chat), latest);
      }
    }
    if (traces.is_due(latest)) {
      take(latest);
    }
  }
  void take(instant now) {
    traces.take(recent, now, [this](user_id user, std::vector<live::standing_socket>& out) {
      if (!known.covers(user)) {
        return;
      }
      for (auto slot = known.user(user).first_socket; slot != live::none; slot = sockets[slot].next_of_user) {
        const auto& one = sockets[slot];
        out.push_back({one.number, user, one.started.at, std::nullopt});
        if (one.ready.place != 0) {
          out.back().ready = one.ready.at;
        }
      }
    });
  }
  live::raw_event event(live::raw_event::sort what) const {
    live::raw_event out;
    out.at = latest;
    out.what = what;
    return out;
  }
  void note_socket(live::raw_event::sort what, std::uint32_t slot, ending how = {}, int close_code = 0) {
    auto happened = event(what);
    happened.subject = sockets[slot].number;
    happened.user = static_cast<std::uint32_t>(sockets[slot].user);
    happened.detail = static_cast<std::uint8_t>(how);
    happened.code = static_cast<std::int16_t>(close_code);
    note(happened);
  }
  void note_walk(live::raw_event::sort what, live_walk walk, bool whole) {
    auto happened = event(what);
    happened.subject = walks.number(walk);
    happened.user = static_cast<std::uint32_t>(walks.reader(walk));
    happened.chat = static_cast<std::uint32_t>(known.number(walks.chat(walk)));
    happened.good = whole;
    note(happened);
  }

  std::string run;
  rules declared;
  live::roster known;
  live::socket_table sockets;
  live::findings_book book;
  live::delivery_rules delivery;
  live::walk_rules walks;
  live::recent_events recent;
  live::finding_traces traces;
  std::size_t place = 1;  // 1 is the time of what is recalled without its time
  instant latest{};
};

}  // namespace ledger

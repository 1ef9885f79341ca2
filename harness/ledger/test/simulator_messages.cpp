// The way of a simulated message, from its POST to the frames, and the faults that are planted on it.
#include "harness/ledger/test/simulator.hpp"

#include <algorithm>

namespace ledger {

void simulator::post(int from, int to) {
  const auto m = messages_.size();
  message fresh;
  fresh.from = from;
  fresh.to = to;
  const auto sender = trace.user(name(from));
  const auto recipient = trace.user(name(to));
  fresh.id = trace.next_message(chat(from, to), sender);
  const auto dice = random(1, 100);
  fresh.runs = dice <= 80   ? course::normal
               : dice <= 85 ? course::refused
               : dice <= 90 ? course::answer_lost
               : dice <= 95 ? course::not_published
                            : course::not_stored;
  for (std::size_t s = 0; s < sockets_.size(); ++s) {
    if (sockets_[s].user == to && sockets_[s].ready && !sockets_[s].ended) {
      fresh.ready_at.insert(s);
    }
  }
  messages_.push_back(fresh);
  trace.sent(now(), fresh.id, recipient, 1, chance(10));
  if (fresh.runs == course::normal) {
    certain_pairs += fresh.ready_at.size();
    later(random(0, 30), [=, this] { commit(m, true); });
    return;
  }
  if (fresh.runs == course::refused) {
    if (occasion(fault::refused_row)) {
      messages_[m].server_id = std::to_string(++last_id_);
      stored_[chat(from, to)].push_back({m, messages_[m].server_id});
      planted = planted_fault{fresh.id, std::nullopt};
    } else if (how_.with_text && !fresh.ready_at.empty() && occasion(fault::refused_frame)) {
      messages_[m].server_id = std::to_string(++last_id_);
      push(*fresh.ready_at.begin(), m, false, true);
    }
    harness_later(random(0, 30), [=, this] { trace.answered(now(), messages_[m].id, outcome::refused, 422, ""); });
    return;
  }
  if (fresh.runs != course::not_stored) {
    later(random(0, 30), [=, this] { commit(m, messages_[m].runs == course::answer_lost); });
  }
  harness_later(random(0, 5'000), [=, this] {
    if (chance(80)) {
      trace.answered(now(), messages_[m].id, outcome::unknown, chance(50) ? 504 : 0, "");
      if (chance(50)) {
        retry(m);
      }
    }
  });
}

void simulator::commit(std::size_t m, bool publishes) {
  auto& of = messages_[m];
  of.stored = true;
  const auto id = ++last_id_;
  of.server_id = how_.numbered ? std::to_string(9'007'199'254'740'990 + id)
                               : "m" + std::to_string(id * 7'919 % 10'007) + "x" + std::to_string(id);
  auto& rows = stored_[chat(of.from, of.to)];
  if (of.runs == course::normal && occasion(fault::missing_row)) {
    planted = planted_fault{of.id, std::nullopt};
  } else {
    rows.push_back({m, of.server_id});
    if (occasion(fault::repeated_row)) {
      rows.push_back({m, of.server_id + "0"});
      planted = planted_fault{of.id, std::nullopt};
    }
  }
  if (!publishes) {
    return;
  }
  publish_clock_ = std::max(publish_clock_, now_ + random(0, 5));
  later(publish_clock_ - now_, [=, this] {
    publish(m);
    if (messages_[m].runs == course::normal) {
      harness_later(chance(80) ? random(0, 30) : random(0, 2'000), [=, this] { acknowledge(m, 1); });
    }
  });
}

void simulator::acknowledge(std::size_t m, std::uint32_t attempt) {
  messages_[m].acked = true;
  trace.answered(now(), messages_[m].id, outcome::acked, attempt == 1 ? 201 : 200, messages_[m].server_id, attempt);
}

// The same key again: found in the store, or carried out for the first time.
void simulator::retry(std::size_t m) {
  trace.sent(now(), messages_[m].id, trace.user(name(messages_[m].to)), 2);
  later(random(31, 60), [=, this] {
    if (!messages_[m].stored) {
      commit(m, true);
    }
    harness_later(random(6, 40), [=, this] { acknowledge(m, 2); });
  });
}

void simulator::publish(std::size_t m) {
  const auto& of = messages_[m];
  bool anybody = false;
  for (std::size_t s = 0; s < sockets_.size(); ++s) {
    const bool recipient = sockets_[s].user == of.to;
    const bool wanted = sockets_[s].user == of.from ? how_.echo : recipient || how_.broadcasts;
    if (sockets_[s].attached && wanted) {
      anybody = anybody || recipient;
      deliver(s, m);
    }
  }
  if (!anybody && how_.replays) {
    missed_[of.to].push_back(m);
  }
  if (occasion(fault::misroute)) {
    plant_misroute(m);
  }
}

void simulator::deliver(std::size_t s, std::size_t m, bool honest) {
  auto& on = sockets_[s];
  if (on.deaf || on.cold) {
    return;
  }
  const auto& of = messages_[m];
  const bool certain = of.runs == course::normal && of.ready_at.contains(s);
  if (honest && certain && !on.held) {
    if (occasion(fault::loss)) {
      planted = planted_fault{of.id, on.id};
      return;
    }
    if (occasion(fault::reorder)) {
      planted = planted_fault{of.id, on.id};
      on.held = m;
      return;
    }
  }
  push(s, m, how_.with_text && occasion(fault::corrupt), false);
  if (occasion(fault::duplicate)) {
    push(s, m, false, true);
  }
  if (occasion(fault::phantom) && how_.with_text) {
    plant_phantom(s);
  }
  if (on.held && chat(messages_[*on.held].from, messages_[*on.held].to) == chat(of.from, of.to)) {
    push(s, *std::exchange(on.held, std::nullopt), false, false);
  }
}

// `planted_here`: the frame itself is the fault, so it counts from when the harness reads it.
void simulator::push(std::size_t s, std::size_t m, bool damaged, bool planted_here) {
  arrive(s, [=, this] {
    auto& on = sockets_[s];
    const auto& of = messages_[m];
    const auto kind = damaged ? content::damaged : how_.with_text ? content::tagged : content::no_text;
    const auto named = kind == content::no_text ? std::nullopt : std::optional(of.id);
    trace.frame(now(), on.id, of.server_id, {kind, named});
    if (!on.ended) {
      on.received.insert(m);
    }
    if (damaged || planted_here) {
      planted = planted_fault{of.id, on.id};
    }
  });
}

void simulator::plant_misroute(std::size_t m) {
  const auto& of = messages_[m];
  for (std::size_t s = 0; s < sockets_.size(); ++s) {
    if (sockets_[s].attached && sockets_[s].user != of.to && (sockets_[s].user != of.from || !how_.echo)) {
      push(s, m, false, true);
      return;
    }
  }
}

void simulator::plant_phantom(std::size_t s) {
  arrive(s, [=, this] {
    const auto ghost = trace.message({chat_id{0}, user_id{0}, 9'999});
    trace.frame(now(), sockets_[s].id, "", {content::tagged, ghost});
    planted = planted_fault{ghost, sockets_[s].id};
  });
}

void simulator::plant_replay(std::size_t s) {
  for (std::size_t m = 0; m < messages_.size(); ++m) {
    const auto& of = messages_[m];
    bool received = false;
    for (const auto& other : sockets_) {
      received = received || (other.user == of.to && other.received.contains(m));
    }
    // Acknowledged (or, under a declared replay, delivered) so long ago that no declared margin covers it.
    if (of.to == sockets_[s].user && of.acked && sockets_[s].started > 0 && (received || !how_.replays)) {
      const auto since = sockets_[s].started;
      const auto& events = trace.events();
      const bool before = std::any_of(events.begin(), events.end(), [&](const event& one) {
        const auto* const answer = std::get_if<answered>(&one);
        const auto* const seen = std::get_if<frame>(&one);
        const auto margin = how_.replays ? std::chrono::milliseconds(200) : std::chrono::milliseconds(0);
        const bool its =
            how_.replays
                ? seen != nullptr && seen->message == of.id && trace.user_of(seen->socket) == trace.user(name(of.to))
                : answer != nullptr && answer->message == of.id && answer->result == outcome::acked;
        return its && time_of(one) + margin < std::chrono::milliseconds(since);
      });
      if (before) {
        push(s, m, false, true);
        return;
      }
    }
  }
}

}  // namespace ledger

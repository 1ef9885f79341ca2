#include "harness/ledger/test/simulator.hpp"

#include <algorithm>

namespace ledger {

simulator::simulator(std::uint64_t seed, const variant& how, fault planted_kind)
    : random_(seed), how_(how), fault_(planted_kind) {
  occasions_left_ = random(0, 12);
  rules.echo_allowed = how.echo;
  rules.ids_ordered = how.numbered;
  rules.later_message_proves_loss = how.patient;
  if (how.replays) {
    rules.offline = offline_policy::replay;
    rules.settle = std::chrono::milliseconds(200);  // how long the server may take a closed socket for open
  }
  plan();
  run();
}

long simulator::random(long low, long high) {
  return low + static_cast<long>(random_() % static_cast<std::uint64_t>(high - low + 1));
}

// Whether this is the place for the planted fault: the first ones are let go by, at random.
bool simulator::occasion(fault kind) {
  return fault_ == kind && !planted && occasions_left_-- == 0;
}

void simulator::later(long delay, std::function<void()> what) {
  queue_.emplace(std::pair(now_ + delay, next_++), std::move(what));
}

// What the harness does or sees: not while it sleeps.
void simulator::harness_later(long delay, std::function<void()> what) {
  const auto at = now_ + delay;
  later(at >= sleep_from_ && at < sleep_to_ ? sleep_to_ - now_ : delay, std::move(what));
}

void simulator::run() {
  while (!queue_.empty()) {
    const auto first = queue_.begin();
    now_ = first->first.first;
    const auto what = std::move(first->second);
    queue_.erase(first);
    what();
  }
}

void simulator::plan() {
  const long end = 20'000;
  if (how_.sleeps) {
    sleep_from_ = random(1'000, 12'000);
    sleep_to_ = sleep_from_ + 15'000;
  }
  for (int user = 0; user < users_; ++user) {
    for (long device = random(how_.churn ? 0 : 1, 2); device > 0; --device) {
      later(random(0, 10), [=, this] { open(user); });
    }
  }
  for (long n = random(20, 60); n > 0; --n) {
    const int from = static_cast<int>(random(0, users_ - 1));
    const int to = static_cast<int>((from + random(1, users_ - 1)) % users_);
    const auto at = 1'000 + random(0, 300) * (end / 300);
    for (long burst = random(1, 3); burst > 0; --burst) {
      harness_later(at, [=, this] { post(from, to); });
    }
  }
  for (long n = random(5, 20); n > 0; --n) {
    const int reader = static_cast<int>(random(0, users_ - 1));
    const int peer = static_cast<int>((reader + random(1, users_ - 1)) % users_);
    harness_later(random(1'000, end), [=, this] { walk(reader, peer); });
  }
  for (long n = how_.churn ? random(10, 40) : 0; n > 0; --n) {
    const int user = static_cast<int>(random(0, users_ - 1));
    harness_later(random(1'000, end), [=, this] { chance(50) ? open(user) : close_one(user); });
  }
  harness_later(end + (how_.sleeps ? 16'000 : 6'000), [this] { finish(); });
}

// Sockets.

void simulator::open(int user) {
  const auto s = sockets_.size();
  socket fresh;
  fresh.user = user;
  fresh.id = trace.socket_started(now(), trace.user(name(user)));
  fresh.started = now_;
  sockets_.push_back(fresh);
  if (how_.churn && chance(4)) {
    sockets_[s].ended = sockets_[s].finished = true;
    trace.socket_ended(now(), sockets_[s].id, ending::refused);
    return;
  }
  later(random(0, 20), [=, this] { attach(s); });
}

void simulator::attach(std::size_t s) {
  auto& on = sockets_[s];
  if (on.finished || on.ended) {
    return;
  }
  on.attached = true;
  arrive(s, [=, this] {
    if (!sockets_[s].ended) {
      sockets_[s].ready = true;
      trace.socket_ready(now(), sockets_[s].id);
    }
  });
  for (const auto m : std::exchange(missed_[on.user], {})) {
    deliver(s, m);
  }
  if (occasion(fault::replay)) {
    plant_replay(s);
  }
  for (int n = 0; n < 3; ++n) {
    harness_later(random(0, 30'000), [=, this] { drain(s); });
  }
}

// Everything on a socket is read in the order in which the server wrote it.
void simulator::arrive(std::size_t s, std::function<void()> read) {
  auto& on = sockets_[s];
  on.last_arrival = std::max(on.last_arrival, now_ + (chance(90) ? random(0, 20) : random(0, 3'000)));
  harness_later(on.last_arrival - now_, [=, this] {
    if (!sockets_[s].finished) {
      read();
    }
  });
}

void simulator::close_one(int user) {
  std::vector<std::size_t> open;
  for (std::size_t s = 0; s < sockets_.size(); ++s) {
    const bool waits = how_.patient && sockets_[s].troubled;
    if (sockets_[s].user == user && sockets_[s].attached && !sockets_[s].ended && !waits) {
      open.push_back(s);
    }
  }
  if (open.empty()) {
    return;
  }
  const auto s = open[static_cast<std::size_t>(random(0, static_cast<long>(open.size()) - 1))];
  auto& on = sockets_[s];
  const auto how = random(0, 4);
  if (how <= 1) {  // our close, and what comes before the answer to it is still read
    on.ended = true;
    trace.socket_ended(now(), on.id, ending::closed_by_us);
    later(random(0, 60), [=, this] {
      sockets_[s].attached = false;
      arrive(s, [=, this] { sockets_[s].finished = true; });
    });
  } else if (how == 2) {
    on.ended = on.finished = true;
    trace.socket_ended(now(), on.id, ending::failed);
    later(random(0, 60), [=, this] { sockets_[s].attached = false; });
  } else if (how == 3) {
    server_closes(s, 1001);
  } else {
    loses_subscription(s);
  }
}

void simulator::server_closes(std::size_t s, int code) {
  sockets_[s].attached = false;
  arrive(s, [=, this] {
    auto& on = sockets_[s];
    if (!on.ended) {
      trace.socket_ended(now(), on.id, ending::closed_by_peer, code);
    }
    on.ended = on.finished = true;
  });
}

// The one loss that is allowed: it is announced within a few seconds, and later messages may come before that.
void simulator::loses_subscription(std::size_t s) {
  sockets_[s].deaf = sockets_[s].troubled = true;
  later(random(0, 2'000), [=, this] { sockets_[s].deaf = false; });
  later(random(2'000, 4'000), [=, this] {
    if (sockets_[s].attached) {
      server_closes(s, chance(50) ? 1012 : 1013);
    }
  });
}

void simulator::drain(std::size_t s) {
  // At the very end of a sleep there may be more to read at the same time.
  if (now_ == sleep_to_) {
    later(1, [=, this] { drain(s); });
  } else if (!sockets_[s].ended) {
    trace.drained(now(), sockets_[s].id);
  }
}

// Messages.

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
    if (sockets_[s].attached && (recipient || (how_.echo && sockets_[s].user == of.from))) {
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
  if (on.deaf) {
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

// History.

void simulator::walk(int reader, int peer, bool last) {
  const bool whole = last || chance(80);
  const bool fails = !last && chance(10);
  const auto id = trace.sweep_begun(now(), trace.user(name(reader)), chat(reader, peer), whole);
  later(last ? 0 : random(0, 10), [=, this] {
    auto rows = stored_[chat(reader, peer)];
    if (!whole && !rows.empty()) {
      rows.erase(rows.begin(), rows.begin() + random(0, static_cast<long>(rows.size())));
    }
    harness_later(last ? 0 : random(0, 10), [=, this] {
      for (const auto& one : rows) {
        trace.sweep_row(now(), id, one.server_id, {content::tagged, messages_[one.message].id});
      }
      if (!fails) {
        trace.sweep_completed(now(), id);
      }
    });
  });
}

void simulator::finish() {
  // Longer than the deadline, so that everything is decided.
  harness_later(12'000, [this] {
    for (std::size_t s = 0; s < sockets_.size(); ++s) {
      if (!sockets_[s].ended) {
        trace.drained(now(), sockets_[s].id, true);
      }
    }
    for (int a = 0; a < users_; ++a) {
      for (int b = a + 1; b < users_; ++b) {
        walk(a, b, true);
      }
    }
    for (auto& one : sockets_) {
      if (!one.ended) {
        trace.socket_ended(now(), one.id, ending::closed_by_us);
        one.ended = true;
      }
    }
  });
}

}  // namespace ledger

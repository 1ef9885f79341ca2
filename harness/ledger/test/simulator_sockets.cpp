// Sockets of the simulated users: opened, attached, read, and ended in every way.
#include "harness/ledger/test/simulator.hpp"

#include <algorithm>

namespace ledger {

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
  if (how_.warm_up > 0) {
    on.cold = true;
    later(random(0, how_.warm_up), [=, this] { sockets_[s].cold = false; });
  }
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

}  // namespace ledger

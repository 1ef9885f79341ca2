// The simulation as a whole: its clock, what is going to happen, and how histories are read.
#include "harness/ledger/test/simulator.hpp"

namespace ledger {

simulator::simulator(std::uint64_t seed, const variant& how, fault planted_kind)
    : random_(seed), how_(how), fault_(planted_kind) {
  occasions_left_ = random(0, 12);
  rules.echo_allowed = how.echo;
  rules.ids_ordered = how.numbered;
  rules.later_message_proves_loss = how.patient;
  rules.everyone_receives = how.broadcasts;
  rules.warm_up = std::chrono::milliseconds(how.warm_up);
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

// What a test asks its users, and how they are judged: see crowd_test.hpp.
#include "harness/ledger/judge.hpp"
#include "reference-server/test/crowd_member_test.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace fault_test {
using namespace std::chrono_literals;

namespace {
constexpr auto due_within = 10s;  // what the rules give a message to its recipient's socket
}

int rounds(int otherwise) {
  const char* asked = std::getenv("ROLLCALL_ROUNDS");
  return asked != nullptr ? std::atoi(asked) : otherwise;
}

void crowd::in_loop(const std::function<void()>& what) {
  std::packaged_task<void()> task(what);
  auto done = task.get_future();
  boost::asio::post(io_, [&task] { task(); });
  done.get();
}

bool crowd::wait_until(const std::function<bool()>& holds, std::chrono::seconds limit) {
  const auto deadline = client::clock::now() + limit;
  for (;;) {
    bool held = false;
    in_loop([&] { held = holds(); });
    if (held || client::clock::now() > deadline) return held;
    std::this_thread::sleep_for(2ms);
  }
}

client::time_point crowd::next_acknowledgement() {
  std::future<client::time_point> coming;
  in_loop([&] { coming = awaited_ack_.emplace().get_future(); });
  if (coming.wait_for(60s) != std::future_status::ready) throw std::runtime_error("nothing is acknowledged any more");
  return coming.get();
}

bool crowd::until_it_works(const std::vector<std::size_t>& pairs, std::chrono::seconds limit) {
  std::vector<std::size_t> asked = pairs;
  in_loop([&] {
    for (std::size_t i = 0; pairs.empty() && i < members_.size(); ++i) asked.push_back(i);
    for (const std::size_t i : asked) {
      members_[i]->works = false;
      members_[i]->works_since = client::clock::now();
    }
  });
  return wait_until([&] { return std::ranges::all_of(asked, [&](std::size_t i) { return members_[i]->works; }); },
                    limit);
}

void crowd::stop_sending(std::size_t pair) {
  in_loop([&] { members_[pair]->sending = false; });
  wait_until([&] { return !members_[pair]->in_flight; }, 20s);
}

void crowd::go_on_sending(std::size_t pair) {
  in_loop([&] {
    members_[pair]->sending = true;
    members_[pair]->pace.cancel();
    send(*members_[pair]);
  });
}

std::vector<ending> crowd::endings(std::size_t pair) {
  std::vector<ending> all;
  in_loop([&] { all = members_[pair]->endings; });
  return all;
}

std::size_t crowd::acknowledged(std::size_t pair) {
  std::size_t count = 0;
  in_loop([&] { count = members_[pair]->acknowledged; });
  return count;
}

std::size_t crowd::refused(std::size_t pair) {
  std::size_t count = 0;
  in_loop([&] { count = members_[pair]->refused; });
  return count;
}

std::vector<std::chrono::nanoseconds> crowd::latencies(const std::vector<std::size_t>& pairs) {
  std::vector<std::chrono::nanoseconds> all;
  in_loop([&] {
    for (const std::size_t i : pairs) {
      auto& some = members_[i]->latencies;
      all.insert(all.end(), some.begin(), some.end());
      some.clear();
    }
  });
  std::ranges::sort(all);
  return all;
}

std::chrono::nanoseconds crowd::stood_still() {
  std::chrono::nanoseconds longest{0};
  in_loop([&] { longest = std::exchange(longest_gap_, std::chrono::nanoseconds(0)); });
  return longest;
}

judged crowd::finish(bool frames) {
  client::time_point last;
  in_loop([&] {
    for (auto& one : members_) one->sending = false;
  });
  wait_until([&] { return std::ranges::none_of(members_, [](auto& one) { return one->in_flight; }); }, 30s);
  const auto all_there = [&] {
    return std::ranges::all_of(members_, [](auto& one) {
      return one->socket->ready() && one->caught_up && std::ranges::all_of(one->acked, [&](const auto& each) {
               return each.second <= one->ready_at || one->on_socket.contains(each.first);
             });
    });
  };
  in_loop([&] {
    for (auto& one : members_) last = std::max(last, one->last_acknowledged);
  });
  // At least what the rules give each message; on a slow machine more, for catching up.
  const auto due = std::chrono::ceil<std::chrono::seconds>(last + due_within - client::clock::now());
  if (!wait_until(all_there, std::max<std::chrono::seconds>(due, 1s))) wait_until(all_there, 20s);

  judged result;
  std::size_t reading = 0;
  in_loop([&] {
    for (auto& one : members_) {
      if (one->socket->ready()) trace_.drained(now(), one->device, true);
      const auto sweep = trace_.sweep_begun(now(), one->to, one->number);
      ++reading;
      one->recipient.walk_history(one->chat, [this, sweep, &reading, &result](const client::walk& walk) {
        for (const auto& row : walk.messages) trace_.sweep_row(now(), sweep, row.id, trace_.recognise(row.body));
        if (walk.complete) trace_.sweep_completed(now(), sweep);
        if (!walk.complete) result.findings.push_back("a history cannot be read: " + walk.problem);
        --reading;
      });
    }
  });
  if (!wait_until([&] { return reading == 0; }, 120s)) throw std::runtime_error("a history was never read to its end");
  in_loop([&] {
    ledger::rules rules;
    rules.later_message_proves_loss = false;
    result.verdict = ledger::judge(trace_, rules);
    for (const auto& each : result.verdict.findings) {
      if (frames || !each.socket) result.findings.push_back(ledger::sentence(each, trace_));
    }
    for (auto& one : members_) {
      for (const auto& [id, sent] : one->acked) {
        if (!one->known.contains(id)) result.missed.push_back(one->recipient.id() + " never saw " + id);
      }
    }
    if (result.verdict.counts.in_history_unjudged > 0) result.findings.emplace_back("not all of history was judged");
  });
  return result;
}

}  // namespace fault_test

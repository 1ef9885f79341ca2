// What the live ledger costs a load worker: per event (sent, answered, frame), with 1,000 chats and 64 messages in
// flight; and by itself, what writing and reading tags costs of that.
#include "harness/ledger/live/live_ledger.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace ledger;

constexpr std::uint32_t chats = 1'000;
constexpr std::size_t in_flight = 64;

struct flying {
  message_key key;
  std::string body;
  std::string id;
};

class load {
 public:
  explicit load(bool online) : book("bench1", {}, {0, 2 * chats, 0, chats}) {
    for (std::uint32_t i = 0; i < chats; ++i) {
      book.chat(chat_id{i}, user_id{2 * i}, user_id{2 * i + 1});
    }
    for (std::uint32_t i = 0; online && i < 2 * chats; ++i) {
      sockets.push_back(book.socket_started(now, user_id{i}));
      book.socket_ready(now, sockets.back());
    }
    window.resize(in_flight);
  }

  // One message begins; the one that began `in_flight` ago comes and is answered.
  void step() {
    now += std::chrono::microseconds(10);
    auto& one = window[count % in_flight];
    if (count >= in_flight) {
      finish(one);
    }
    const auto chat = static_cast<std::uint32_t>(count * 7'919 % chats);
    one.key = book.next_message(chat_id{chat}, user_id{2 * chat + static_cast<std::uint32_t>(count & 1U)});
    one.body.clear();
    book.append_body(one.body, one.key, now, rest);
    one.id = std::to_string(9'000'000 + count);
    book.sent(now, one.key);
    ++count;
    if (count % 1'000 == 0) {
      book.drained(now);
    }
  }

  void finish(const flying& one) {
    const auto answer_first = (count & 2U) != 0;
    if (answer_first) {
      book.answered(now, one.key, outcome::acked, one.id);
    }
    if (!sockets.empty()) {
      const auto recipient = static_cast<std::uint32_t>(one.key.sender) ^ 1U;
      const auto seen = book.frame(now, sockets[recipient], one.id, one.body);
      benchmark::DoNotOptimize(seen.intended);
    }
    if (!answer_first) {
      book.answered(now, one.key, outcome::acked, one.id);
    }
  }

  live_ledger book;
  std::vector<live_socket> sockets;
  std::vector<flying> window;
  instant now{};
  std::size_t count = 0;
  std::string rest = std::string(100, 'x');
};

void connected(benchmark::State& state) {
  load run(true);
  for (auto _ : state) {
    run.step();
  }
  state.SetItemsProcessed(state.iterations() * 3);
  state.counters["open"] = static_cast<double>(run.book.in_flight());
  if (run.book.counts().totals.delivered + in_flight < run.count || !run.book.findings().empty()) {
    state.SkipWithError("the run was not judged as it should be");
  }
}

void offline(benchmark::State& state) {
  load run(false);
  for (auto _ : state) {
    run.step();
  }
  state.SetItemsProcessed(state.iterations() * 2);
  state.counters["open"] = static_cast<double>(run.book.in_flight());
}

void whole_walk(benchmark::State& state) {
  load run(true);
  std::vector<std::string> bodies;
  const auto rows = static_cast<std::size_t>(state.range(0));
  for (std::size_t i = 0; i < rows; ++i) {
    const auto key = run.book.next_message(chat_id{0}, user_id{0});
    bodies.push_back(run.book.body(key, run.now, run.rest));
    run.book.sent(run.now, key);
    run.book.frame(run.now, run.sockets[1], std::to_string(i + 1), bodies.back());
    run.book.answered(run.now, key, outcome::acked, std::to_string(i + 1));
  }
  for (auto _ : state) {
    const auto walk = run.book.walk_begun(run.now, user_id{0}, chat_id{0}, true);
    for (std::size_t i = 0; i < rows; ++i) {
      run.book.walk_row(run.now, walk, "1", bodies[i]);
    }
    run.book.walk_completed(run.now, walk);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
}

void tags_alone(benchmark::State& state) {
  const std::string rest(100, 'x');
  std::uint32_t sequence = 0;
  for (auto _ : state) {
    const auto body = write_tag({"bench1", 17, 35, ++sequence, std::chrono::seconds(sequence)}, rest);
    benchmark::DoNotOptimize(read_tag(body));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(connected);
BENCHMARK(offline);
BENCHMARK(whole_walk)->Arg(10'000);
BENCHMARK(tags_alone);

}  // namespace

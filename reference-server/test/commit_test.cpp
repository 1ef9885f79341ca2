// A commit that takes its time, or is held, while another api process publishes: nothing is pushed before its commit,
// and what was pushed can be read through every process.
#include "reference-server/test/api_fixture_test.hpp"
#include "reference-server/test/gateway_fixture_test.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

namespace api_test {
namespace {

class Commit : public testing::Test {
 protected:
  struct frame {
    std::int64_t chat = 0, id = 0;
    std::string body;
  };

  Commit() {
    place.install_triggers();
    connect();
  }
  void connect() {
    const std::string address = place.stack->socket_urls().front();  // ws://127.0.0.1:PORT/ws
    socket = std::make_unique<gateway_test::client>(static_cast<std::uint16_t>(std::stoi(address.substr(15))), "/ws",
                                                    gateway_test::upgrade + bob->credential());
    EXPECT_EQ(socket->next().payload, R"({"event":"ready","data":{"user":"bob"}})");
  }
  static ::stack::options two_apis() {
    ::stack::options wanted;
    wanted.api = 2;
    return wanted;
  }
  // Nothing: a machine that stands still makes Redis silent, so that a socket may have missed something and is closed.
  // There is a new one then.
  std::optional<frame> frame_or_resync() {
    const auto got = socket->next();
    if (got.opcode == 8) {
      EXPECT_EQ(got.close_code(), 1012);
      connect();
      return std::nullopt;
    }
    const auto data = boost::json::parse(got.payload).at("data");
    return frame{data.at("chat_id").as_int64(), data.at("id").as_int64(), std::string(data.at("body").as_string())};
  }
  // Through every api process, at once.
  std::vector<int> read(const frame& seen) {
    std::vector<int> all;
    const std::string path = "/api/v1/chats/" + std::to_string(seen.chat) + "/messages/" + std::to_string(seen.id);
    for (client* through : {bob.get(), bob_elsewhere.get()}) all.push_back(through->get(path).status);
    return all;
  }

  environment place{two_apis()};
  std::unique_ptr<client> bob = place.as("bob", 1), bob_elsewhere = place.as("bob", 2);
  std::unique_ptr<gateway_test::client> socket;
};

// A push that does not wait for its commit would be read for 50 ms in vain, every time.
TEST_F(Commit, WhatWasPushedCanBeReadThroughEveryProcess) {
  constexpr int slow_ones = 20;
  const std::int64_t slow = place.create_chat("alice", "bob"), fast = place.create_chat("carol", "bob");
  std::atomic<bool> sent = false;
  std::jthread alice([&] {
    const auto sender = place.as("alice", 1);
    for (int i = 0; i < slow_ones; ++i) EXPECT_EQ(sender->send(slow, "slow").status, 201);
    sent = true;
  });
  std::jthread carol([&](const std::stop_token& enough) {
    const auto sender = place.as("carol", 2);
    while (!enough.stop_requested()) EXPECT_EQ(sender->send(fast, "fast").status, 201);
  });
  int seen_slow = 0, seen_fast = 0;
  bool missed = false;
  while (seen_slow < slow_ones && !(missed && sent)) {
    const auto seen = frame_or_resync();
    missed |= !seen;
    if (!seen) continue;
    EXPECT_EQ(read(*seen), (std::vector<int>{200, 200})) << seen->body;
    ++(seen->chat == slow ? seen_slow : seen_fast);
  }
  EXPECT_GT(seen_slow, 0);
  EXPECT_GT(seen_fast, 0) << "the other process published nothing meanwhile";
}

TEST_F(Commit, NothingIsPushedWhileTheCommitIsHeld) {
  const std::int64_t held = place.create_chat("alice", "bob"), other = place.create_chat("carol", "bob");
  auto holder = place.sql(), observer = place.sql();
  holder.run("SELECT pg_advisory_lock(-3)");
  auto sent = std::async(std::launch::async, [&] { return place.as("alice", 1)->send(held, "held"); });
  wait_until("the commit",
             [&] { return observer.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1"; });
  // The fence: on the same socket, through the other process.
  const auto carol = place.as("carol", 2);
  for (int fences = 0; fences < 20;) {
    ASSERT_EQ(carol->send(other, "fence").status, 201);
    const auto seen = frame_or_resync();
    ASSERT_TRUE(!seen || seen->chat == other);
    fences += seen ? 1 : 0;
  }
  for (client* through : {bob.get(), bob_elsewhere.get()}) EXPECT_TRUE(through->history(held, 0).empty());
  EXPECT_EQ(sent.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "acknowledged before the commit";

  holder.run("SELECT pg_advisory_unlock(-3)");
  const auto seen = frame_or_resync();
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->chat, held);
  EXPECT_EQ(read(*seen), (std::vector<int>{200, 200}));
  EXPECT_EQ(sent.get().status, 201);
}

}  // namespace
}  // namespace api_test

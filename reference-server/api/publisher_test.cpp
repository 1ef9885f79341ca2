// What the publisher owes, on a real Redis that comes, goes and comes back.
#include "reference-server/api/publisher.hpp"

#include "harness/stack/stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace api {
namespace {
using namespace std::chrono_literals;
using testing::UnorderedElementsAre;

// A blocking connection to the private Redis.
class side {
 public:
  explicit side(const stack::stack& on) : link_(redisConnectUnix(on.redis_path().c_str()), redisFree) {
    if (!link_ || link_->err != 0) throw std::runtime_error("no Redis");
    redisSetTimeout(link_.get(), {10, 0});
  }
  std::string operator()(const char* command) {
    const std::unique_ptr<redisReply, void (*)(void*)> reply(
        static_cast<redisReply*>(redisCommand(link_.get(), command)), freeReplyObject);
    if (!reply) return "-" + std::string(link_->errstr);
    if (reply->type == REDIS_REPLY_INTEGER) return std::to_string(reply->integer);
    return reply->str == nullptr ? "" : reply->str;
  }
  // The next published thing: channel and payload.
  std::string next() {
    void* got = nullptr;
    if (redisGetReply(link_.get(), &got) != REDIS_OK) return "-" + std::string(link_->errstr);
    const std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(got), freeReplyObject);
    return std::string(reply->element[2]->str) + " " + reply->element[3]->str;  // of a PSUBSCRIBE
  }

 private:
  std::unique_ptr<redisContext, void (*)(redisContext*)> link_;
};

struct Publisher : testing::Test {
  Publisher() {
    ::signal(SIGPIPE, SIG_IGN);  // hiredis writes to links that were killed
    stack::options wanted;
    wanted.programs = ROLLCALL_BIN;
    wanted.api = wanted.gateway = 0;
    auto started = stack::stack::start(wanted);
    if (!started) throw std::runtime_error(started.error().what);
    running = std::move(*started);
    under_test.emplace(io, *redis::parse_address("unix:" + running->redis_path().string()), [this] { ++batches; });
  }
  ~Publisher() override {
    under_test->stop();
    io.restart();
    io.run();
  }
  bool until(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!holds() && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      io.run_for(5ms);
    }
    return holds();
  }
  static std::vector<publisher::item> to(int recipients) {
    std::vector<publisher::item> batch;
    for (int i = 0; i < recipients; ++i) batch.push_back({"u" + std::to_string(i), "m"});
    return batch;
  }

  std::unique_ptr<stack::stack> running;
  boost::asio::io_context io;
  std::optional<publisher> under_test;
  int batches = 0;
};

TEST_F(Publisher, OwesEachRecipientOneResyncHoweverMuchWasLost) {
  EXPECT_FALSE(under_test->publish(to(2)));  // there is no link yet
  EXPECT_FALSE(under_test->publish(to(2)));
  EXPECT_EQ(under_test->owed(), 2u);
  side listener(*running);
  listener("PSUBSCRIBE *");
  under_test->start();
  ASSERT_TRUE(until([&] { return under_test->up() && under_test->owed() == 0; }));
  std::vector<std::string> heard{listener.next(), listener.next()};
  EXPECT_THAT(heard, UnorderedElementsAre("chat:user:u0 r", "chat:user:u1 r"));
  ASSERT_TRUE(under_test->publish(to(1)));
  ASSERT_TRUE(until([&] { return batches == 1; }));
  EXPECT_EQ(listener.next(), "chat:user:u0 m") << "a resync came more than once";
}

TEST_F(Publisher, BeyondTenThousandItIsOwedToAll) {
  EXPECT_FALSE(under_test->publish(to(10'001)));
  EXPECT_GT(under_test->owed(), 10'000u);
  side listener(*running);
  listener("PSUBSCRIBE *");
  under_test->start();
  ASSERT_TRUE(until([&] { return under_test->owed() == 0; }));
  EXPECT_EQ(listener.next(), "chat:all r");
  ASSERT_TRUE(under_test->publish(to(1)));
  ASSERT_TRUE(until([&] { return batches == 1; }));
  EXPECT_EQ(listener.next(), "chat:user:u0 m") << "the resync came more than once";
}

TEST_F(Publisher, AfterARestartOfRedisNobodyElseIsKilled) {
  const auto id_of = [](side& of) { return std::stoi(of("CLIENT ID")); };
  for (int i = 0; i < 30; ++i) {
    side used_up(*running);  // so that the publisher's link has an id that is not reached at once after the restart
  }
  under_test->start();
  ASSERT_TRUE(until([&] { return under_test->up(); }));
  side later(*running);
  const int own = id_of(later) - 1;
  ASSERT_TRUE(running->kill("redis"));
  ASSERT_TRUE(until([&] { return !under_test->up(); }));
  ASSERT_TRUE(running->start("redis"));
  // Strangers take all ids up to the one that the publisher's link had, and stay.
  std::vector<std::unique_ptr<side>> strangers;
  do {
    strangers.push_back(std::make_unique<side>(*running));
  } while (id_of(*strangers.back()) < own);
  ASSERT_EQ(id_of(*strangers.back()), own);
  ASSERT_TRUE(until([&] { return under_test->up(); }));
  ASSERT_TRUE(under_test->publish(to(1)));
  ASSERT_TRUE(until([&] { return batches == 1; }));
  for (const auto& each : strangers) EXPECT_EQ((*each)("PING"), "PONG");
}

}  // namespace
}  // namespace api

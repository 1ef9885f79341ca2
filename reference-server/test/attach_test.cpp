// The attach point on the wire: the real process and a real Redis, with a wire between them that lets a test choose
// what crosses what.
#include "reference-server/test/gateway_fixture_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace gateway_test {
namespace {
using namespace std::chrono_literals;

struct Attach : testing::Test {
  temporary_directory directory;
  private_redis redis{directory};
  wire between{directory, redis};
  running_gateway gateway{directory, between.socket()};

  // The number of subscribers that Redis gave it to.
  std::string publish(const std::string& user, const std::string& payload) {
    return redis({"PUBLISH", "chat:user:" + user, payload});
  }
  // Waits until Redis has carried out so many calls.
  void until_redis_has_seen(const std::string& command, std::uint64_t calls) {
    ASSERT_TRUE(eventually([&] { return redis.calls(command) >= calls; })) << command;
  }
  static constexpr std::uint64_t own_subscriptions = 1;  // chat:all
};

TEST_F(Attach, AReadySocketGetsEachMessageOnceAndUnparsed) {
  const auto bob = gateway.ready("bob");
  const auto other = gateway.ready("bob.2");
  EXPECT_EQ(publish("bob", R"(m{"id":1,"body":"\u00e9\n <b>"})"), "1");
  EXPECT_EQ(publish("bob", R"(m{"id":2})"), "1");
  EXPECT_EQ(bob->next().payload, message_frame(R"({"id":1,"body":"\u00e9\n <b>"})"));
  EXPECT_EQ(bob->next().payload, message_frame(R"({"id":2})"));
  bob->close();
  other->send_frame(0x89, "fence");
  EXPECT_EQ(other->next().payload, "fence");
}

TEST_F(Attach, NothingIsReplayedToALaterSocket) {
  gateway.ready("bob")->close();
  EXPECT_TRUE(eventually([&] { return publish("bob", "m1") == "0"; }));
  const auto bob = gateway.ready("bob");
  EXPECT_EQ(publish("bob", "m2"), "1");
  EXPECT_EQ(bob->next().payload, message_frame("2"));
}

TEST_F(Attach, ASecondDeviceNeverGetsWhatStoodBeforeItsAttachPoint) {
  const auto first = gateway.ready("bob");
  between.hold_answers(true);
  ASSERT_EQ(publish("bob", "m1"), "1");  // on its way to the gateway
  const auto second = gateway.connect("bob");
  until_redis_has_seen("subscribe", own_subscriptions + 2);
  ASSERT_EQ(publish("bob", "m2"), "1");
  EXPECT_FALSE(second->has_more());
  between.hold_answers(false);
  EXPECT_EQ(first->next().payload, message_frame("1"));
  EXPECT_EQ(first->next().payload, message_frame("2"));
  EXPECT_EQ(second->next().payload, R"({"event":"ready","data":{"user":"bob"}})");
  EXPECT_EQ(second->next().payload, message_frame("2"));
}

TEST_F(Attach, ADeviceStaysAttachedWhenTheFirstClosesWhileItsAnswerIsOnTheWay) {
  const auto first = gateway.ready("bob");
  between.hold_answers(true);
  const auto second = gateway.connect("bob");
  until_redis_has_seen("subscribe", own_subscriptions + 2);  // the answer is in the wire
  first->close();
  between.hold_answers(false);
  EXPECT_EQ(second->next().payload, R"({"event":"ready","data":{"user":"bob"}})");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(second->next().payload, message_frame("1"));
  EXPECT_EQ(redis.calls("unsubscribe"), 0u);
}

TEST_F(Attach, TheSameWhileItsSubscribeIsOnTheWay) {
  const auto first = gateway.ready("bob");
  between.hold_commands(true);
  const auto second = gateway.connect("bob");
  first->close();
  between.hold_commands(false);
  EXPECT_EQ(second->next().payload, R"({"event":"ready","data":{"user":"bob"}})");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(second->next().payload, message_frame("1"));
}

TEST_F(Attach, CrossingSubscriptionsLeaveNobodyBehind) {
  between.hold_answers(true);
  const auto first = gateway.connect("bob");
  const auto second = gateway.connect("bob");
  first->close();
  second->close();  // SUBSCRIBE, SUBSCRIBE, UNSUBSCRIBE
  until_redis_has_seen("unsubscribe", 1);
  EXPECT_EQ(publish("bob", "m1"), "0");
  const auto third = gateway.connect("bob");
  until_redis_has_seen("subscribe", own_subscriptions + 3);
  EXPECT_EQ(publish("bob", "m2"), "1");
  between.hold_answers(false);
  EXPECT_EQ(third->next().payload, R"({"event":"ready","data":{"user":"bob"}})");
  EXPECT_EQ(third->next().payload, message_frame("2"));
  third->close();
  EXPECT_TRUE(eventually([&] { return publish("bob", "m3") == "0"; }));
  EXPECT_EQ(gateway.metric("subscribed_users"), 0u);
}

TEST_F(Attach, AResyncClosesExactlyTheSocketsAttachedBeforeIt) {
  const auto bob = gateway.ready("bob");
  const auto alice = gateway.ready("alice");
  between.hold_answers(true);
  ASSERT_EQ(publish("bob", "r"), "1");
  ASSERT_EQ(publish("bob", "m1"), "1");
  const auto later = gateway.connect("bob");
  until_redis_has_seen("subscribe", own_subscriptions + 3);
  between.hold_answers(false);
  EXPECT_EQ(bob->next().close_code(), 1012);
  EXPECT_EQ(later->next().payload, R"({"event":"ready","data":{"user":"bob"}})");
  ASSERT_EQ(publish("bob", "m2"), "1");
  EXPECT_EQ(later->next().payload, message_frame("2"));
  ASSERT_EQ(publish("alice", "m3"), "1");
  EXPECT_EQ(alice->next().payload, message_frame("3"));
}

TEST_F(Attach, AResyncOfAllClosesAllThatAreAttached) {
  const auto bob = gateway.ready("bob");
  const auto alice = gateway.ready("alice");
  between.hold_answers(true);
  ASSERT_EQ(redis({"PUBLISH", "chat:all", "r"}), "1");
  const auto later = gateway.connect("carol");
  until_redis_has_seen("subscribe", own_subscriptions + 3);
  between.hold_answers(false);
  EXPECT_EQ(bob->next().close_code(), 1012);
  EXPECT_EQ(alice->next().close_code(), 1012);
  EXPECT_EQ(later->next().payload, R"({"event":"ready","data":{"user":"carol"}})");
  later->send_frame(0x89, "fence");
  EXPECT_EQ(later->next().payload, "fence");
}

TEST_F(Attach, AKilledRedisClosesAllWith1012AndTheGatewayComesBackUnaided) {
  const auto bob = gateway.ready("bob");
  const auto alice = gateway.ready("alice");
  redis.kill();
  EXPECT_EQ(bob->next().close_code(), 1012);
  EXPECT_EQ(alice->next().close_code(), 1012);
  EXPECT_TRUE(bob->nothing_but_end());
  client refused(gateway.port(), "/ws", upgrade + "Authorization: Bearer " + gateway.token("bob") + "\r\n");
  EXPECT_EQ(refused.status(), 503);
  EXPECT_NE(refused.head().find("\r\nRetry-After: 1\r\n"), std::string::npos);
  redis.start();
  ASSERT_TRUE(eventually([&] { return gateway.metric("redis_up") == 1; }));
  const auto again = gateway.ready("bob");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(again->next().payload, message_frame("1"));
}

TEST_F(Attach, ALinkCutForAMomentClosesWith1012SinceNobodyKnowsWhatWasMissed) {
  const auto bob = gateway.ready("bob");
  const auto waiting_before = gateway.metric("redis_links_lost_total");
  between.cut();
  EXPECT_EQ(bob->next().close_code(), 1012);
  ASSERT_TRUE(eventually([&] { return gateway.metric("redis_up") == 1; }));
  EXPECT_EQ(gateway.metric("redis_links_lost_total"), waiting_before + 1);
  const auto again = gateway.ready("bob");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(again->next().payload, message_frame("1"));
}

TEST_F(Attach, ASilentLinkIsLostAfterThreeSecondsAndASocketWithoutAnswerIsClosed) {
  const auto bob = gateway.ready("bob");
  between.hold_answers(true);
  const auto start = std::chrono::steady_clock::now();
  const auto waiting = gateway.connect("alice");
  EXPECT_EQ(bob->next().close_code(), 1012);
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(waiting->next().close_code(), 1012);
  EXPECT_GT(took, 1900ms);  // the last byte may be a second old
  EXPECT_LT(took, 8000ms);  // the machine may be busy
}

TEST_F(Attach, APausedRedisThatGoesOnInTimeCostsNothing) {
  const auto bob = gateway.ready("bob");
  redis.pause();
  const auto alice = gateway.connect("alice");
  redis.go_on();
  EXPECT_EQ(alice->next().payload, R"({"event":"ready","data":{"user":"alice"}})");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(bob->next().payload, message_frame("1"));
}

TEST_F(Attach, APauseOfTheGatewayItselfIsNoFaultOfRedis) {
  const auto bob = gateway.ready("bob");
  gateway.itself().signal(SIGSTOP);
  const auto until = std::chrono::steady_clock::now() + 3500ms;
  EXPECT_TRUE(eventually([&] { return std::chrono::steady_clock::now() > until; }));
  EXPECT_EQ(publish("bob", "m1"), "1");
  gateway.itself().signal(SIGCONT);
  EXPECT_EQ(bob->next().payload, message_frame("1"));
  EXPECT_EQ(gateway.metric("redis_links_lost_total"), 0u);
}

}  // namespace
}  // namespace gateway_test

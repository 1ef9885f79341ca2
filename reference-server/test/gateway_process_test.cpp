// The gateway's process from outside, byte by byte: handshake, protocol, closing, time.
#include "reference-server/test/gateway_fixture_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace gateway_test {
namespace {
using namespace std::chrono_literals;
using namespace std::string_literals;

struct Gateway : testing::Test {
  temporary_directory directory;
  private_redis redis{directory};
  std::optional<running_gateway> gateway;

  void start(const std::vector<std::string>& flags = {}) { gateway.emplace(directory, redis.socket(), flags); }
  std::string publish(const std::string& user, const std::string& payload) {
    return redis({"PUBLISH", "chat:user:" + user, payload});
  }
  int status(const std::string& target, const std::string& headers) {
    return client(gateway->port(), target, headers).status();
  }
};

TEST_F(Gateway, RefusesAtTheHandshake) {
  start({"--origin", "https://chat.example"});
  const auto bearer = [&](const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; };
  const auto bob = gateway->token("bob");
  EXPECT_EQ(status("/ws", upgrade + bearer(bob)), 101);
  EXPECT_EQ(status("/ws?access_token=" + bob, upgrade), 101);
  EXPECT_EQ(status("/ws?access_token=" + bob, upgrade + bearer(bob)), 101);
  EXPECT_EQ(status("/ws?access_token=" + gateway->token("eve"), upgrade + bearer(bob)), 400);
  EXPECT_EQ(status("/ws", upgrade), 401);
  EXPECT_EQ(status("/ws", upgrade + bearer(gateway->token("bob", -1s))), 401);
  EXPECT_EQ(status("/ws", upgrade + bearer("e30.e30.")), 401);
  EXPECT_EQ(status("/ws", upgrade + bearer(bob) + "Origin: https://other.example\r\n"), 403);
  EXPECT_EQ(status("/ws", upgrade + bearer(bob) + "Origin: https://chat.example\r\n"), 101);
  EXPECT_EQ(status("/ws", bearer(bob)), 426);
  EXPECT_EQ(status("/elsewhere", upgrade + bearer(bob)), 404);
}

TEST_F(Gateway, AnswersPingsTakesFragmentsAndIgnoresMessages) {
  start();
  const auto bob = gateway->ready("bob");
  bob->send_frame(0x81, R"({"event":"message","data":{"body":"x"}})");
  bob->send_frame(0x82, "\x00\xff"s);
  bob->send_frame(0x01, "42[\"mes");
  bob->send_frame(0x89, "between");
  bob->send_frame(0x80, "sage\"]");
  bob->send_frame(0x8a, "unasked");
  bob->send_frame(0x89, "sentinel");
  EXPECT_EQ(bob->next().payload, "between");
  const auto last = bob->next();
  EXPECT_EQ(last.opcode, 10);
  EXPECT_EQ(last.payload, "sentinel");
  bob->close(4000);
}

TEST_F(Gateway, FramesBehindTheHandshakeInOnePacketAreRead) {
  start();
  // The client ends its request with a line end of its own: it is the payload of the ping.
  const auto ping = "\x89\x82\x00\x00\x00\x00"s;
  client bob(gateway->port(), "/ws", upgrade + "Authorization: Bearer " + gateway->token("bob") + "\r\n\r\n" + ping);
  ASSERT_EQ(bob.status(), 101);
  const auto first = bob.next();
  EXPECT_EQ(first.opcode, 10);
  EXPECT_EQ(first.payload, "\r\n");
  EXPECT_EQ(bob.next().payload, R"({"event":"ready","data":{"user":"bob"}})");
}

TEST_F(Gateway, ClosesWhatBreaksTheProtocolWithItsCode) {
  start();
  const std::pair<std::string, int> cases[] = {
      {"\x81\x01x"s, 1002},                             // no mask
      {"\xc1\x80\x00\x00\x00\x00"s, 1002},              // reserved bit
      {"\x83\x80\x00\x00\x00\x00"s, 1002},              // reserved opcode
      {"\x80\x80\x00\x00\x00\x00"s, 1002},              // nothing to continue
      {"\x09\x80\x00\x00\x00\x00"s, 1002},              // a ping in fragments
      {"\x88\x82\x00\x00\x00\x00\x03\xed"s, 1002},      // a code that may not be sent
      {"\x81\x82\x00\x00\x00\x00\xc3\x28"s, 1007},      // no UTF-8
      {"\x88\x83\x00\x00\x00\x00\x03\xe8\xff"s, 1007},  // nor in a reason
      {"\x82\xfe\x10\x01\x00\x00\x00\x00"s, 1009},      // 4,097 bytes
      {"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00"s, 1009},
  };
  for (const auto& [bytes, code] : cases) {
    const auto bob = gateway->ready("bob");
    bob->send(bytes);
    const auto frames = bob->rest();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].close_code(), code) << testing::PrintToString(bytes);
  }
  const auto bob = gateway->ready("bob");
  bob->send_frame(0x82, std::string(4096, 'x'));
  bob->close();
}

TEST_F(Gateway, ATokensEndClosesWith4401AndNothingPublishedAfterItArrives) {
  start();
  const auto now = std::chrono::system_clock::now();
  // Whole seconds: the token ends between two and three seconds from now.
  const auto end = std::chrono::floor<std::chrono::seconds>(now) + 3s;
  client bob(gateway->port(), "/ws",
             upgrade + "Authorization: Bearer " + gateway->token("bob", end - now + 1ms) + "\r\n");
  ASSERT_EQ(bob.status(), 101);
  bob.next();
  const auto micros = [](auto time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
  };
  while (std::chrono::system_clock::now() < end + 300ms) {
    publish("bob", "m" + std::to_string(micros(std::chrono::system_clock::now())));
    bob.has_more();  // reads, lest it be slow
  }
  const auto frames = bob.rest();
  ASSERT_GT(frames.size(), 10u);
  EXPECT_EQ(frames.back().close_code(), 4401);
  for (const auto& f : frames) {
    if (f.opcode == 1) {
      EXPECT_LT(f.payload, message_frame(std::to_string(micros(end))));
    }
  }
}

TEST_F(Gateway, ASlowClientLosesItsSocketAndOthersLoseNothing) {
  start();
  const auto slow = gateway->ready("bob", 4096);
  const auto quick = gateway->ready("bob");
  int received = 0, published = 0;
  const std::string filling(1000, 'x');
  while (gateway->metric("closed_slow_total") == 0) {
    ASSERT_LT(published, 20'000);
    for (int i = 0; i < 100; ++i) publish("bob", "m" + std::to_string(published++) + filling);
    for (; received < published; ++received) {
      ASSERT_EQ(quick->next().payload, message_frame(std::to_string(received) + filling));
    }
  }
  const auto frames = slow->rest();  // all whole; the last is the close, unless it had to be a reset
  ASSERT_GT(frames.size(), 1u);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].opcode == 8) {
      EXPECT_EQ(frames[i].close_code(), 1013);
      EXPECT_EQ(i, frames.size() - 1);
    } else {
      EXPECT_EQ(frames[i].payload, message_frame(std::to_string(i) + filling));
    }
  }
  EXPECT_LT(frames.size(), static_cast<std::size_t>(published));
}

TEST_F(Gateway, PingsAndForgetsAClientThatDoesNotAnswer) {
  start({"--ping-interval", "200ms", "--ping-timeout", "2s"});
  const auto awake = gateway->ready("bob");
  const auto asleep = gateway->ready("bob");
  for (int i = 0; i < 6; ++i) {
    const auto ping = awake->next();
    ASSERT_EQ(ping.opcode, 9);
    awake->send_frame(0x8a, ping.payload);
  }
  const auto frames = asleep->rest();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].opcode, 9);
  EXPECT_EQ(gateway->metric("sockets"), 1u);
}

TEST_F(Gateway, StopsWith1001AndExitCodeZero) {
  start();
  const auto bob = gateway->ready("bob");
  const auto mute = gateway->ready("bob");
  gateway->itself().signal(SIGTERM);
  EXPECT_EQ(bob->next().close_code(), 1001);
  bob->send_frame(0x88, "\x03\xe9");
  EXPECT_TRUE(bob->nothing_but_end());
  EXPECT_EQ(mute->next().close_code(), 1001);
  EXPECT_EQ(gateway->itself().wait(), 0);
}

TEST_F(Gateway, NeedsNoRedisToStartAndServesOnceItIsThere) {
  redis.kill();
  std::thread later([this] {
    std::this_thread::sleep_for(300ms);
    redis.start();
  });
  start();  // returns when the process reports that it serves
  later.join();
  const auto bob = gateway->ready("bob");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(bob->next().payload, message_frame("1"));
}

TEST_F(Gateway, AHundredReconnectsDeliverOnceEach) {
  start();
  for (int i = 0; i < 100; ++i) {
    const auto bob = gateway->ready("bob");
    const auto text = "m" + std::to_string(i);
    ASSERT_EQ(publish("bob", text), "1");
    ASSERT_EQ(bob->next().payload, message_frame(std::to_string(i)));
    if (i % 2 == 0) bob->close();  // else: it just goes
  }
}

}  // namespace
}  // namespace gateway_test

// The stock socket.io-client against the gateway's process: with its default options (polling, then the upgrade), over
// WebSocket only, over polling only.
#include "reference-server/test/gateway_fixture_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

namespace gateway_test {
namespace {
using namespace std::chrono_literals;

// One client; what it has told so far are lines.
class stock_client {
 public:
  stock_client(const temporary_directory& directory, std::uint16_t port, const std::string& token,
               const std::string& transports)
      : log_(directory.path("client" + std::to_string(++started) + ".log")) {
    std::vector<std::string> command{ROLLCALL_NODE, ROLLCALL_STOCK, "http://127.0.0.1:" + std::to_string(port), token};
    if (!transports.empty()) command.push_back(transports);
    process_.emplace(command, log_);
  }
  std::vector<std::string> lines(std::string_view beginning = {}) const {
    std::vector<std::string> found;
    std::ifstream file(log_);
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(beginning)) found.push_back(line);
    }
    return found;
  }
  testing::AssertionResult tells(const std::string& line, std::size_t times = 1) const {
    if (eventually([&] { return lines(line).size() >= times; })) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "no " << line << " in " << testing::PrintToString(lines());
  }
  void disconnect() { process_->signal(SIGUSR2); }

 private:
  inline static int started = 0;
  std::string log_;
  std::optional<process> process_;
};

struct Stock : testing::TestWithParam<const char*> {
  temporary_directory directory;
  private_redis redis{directory};
  std::optional<running_gateway> gateway;

  void start(const std::vector<std::string>& flags = {}) { gateway.emplace(directory, redis.socket(), flags); }
  stock_client client_of(const std::string& token) const { return {directory, gateway->port(), token, GetParam()}; }
  std::string publish(int n) { return redis({"PUBLISH", "chat:user:bob", "m{\"id\":" + std::to_string(n) + "}"}); }
  static std::string line(int n) { return "message {\"id\":" + std::to_string(n) + "}"; }
};
INSTANTIATE_TEST_SUITE_P(, Stock, testing::Values("", "websocket", "polling"), [](const auto& transports) {
  return *transports.param == '\0' ? std::string("ByDefault") : std::string("Over_") + transports.param;
});

TEST_P(Stock, GetsReadyThenEachMessageOnceAndInOrder) {
  start();
  const auto bob = client_of(gateway->token("bob"));
  ASSERT_TRUE(bob.tells("ready {\"user\":\"bob\"}"));
  // Without a pause: by default this is before, in and after the upgrade.
  std::vector<std::string> expected;
  for (int n = 1; n <= 300; ++n) {
    ASSERT_EQ(publish(n), "1");
    expected.push_back(line(n));
  }
  ASSERT_TRUE(bob.tells("message", 300));
  EXPECT_EQ(bob.lines("message"), expected);
  if (*GetParam() == '\0') {
    ASSERT_TRUE(bob.tells("upgrade websocket"));
    publish(301);
    EXPECT_TRUE(bob.tells(line(301)));
  }
  ASSERT_EQ(bob.lines("connect").size(), 1u);
  if (*GetParam() != '\0') {  // by default the upgrade may come first
    EXPECT_EQ(bob.lines("connect").front(), std::string("connect ") + GetParam());
  }
  EXPECT_TRUE(bob.lines("disconnect").empty());
}

TEST_P(Stock, StaysAsLongAsItAnswersPings) {
  start({"--ping-interval", "200ms", "--ping-timeout", "2s"});
  const auto bob = client_of(gateway->token("bob"));
  EXPECT_TRUE(bob.tells("ping", 15));  // longer than without pongs
  publish(1);
  EXPECT_TRUE(bob.tells(line(1)));
  EXPECT_TRUE(bob.lines("disconnect").empty());
}

TEST_P(Stock, IsToldWhyItIsRefusedAndDoesNotComeBack) {
  start();
  const auto bob = client_of("no.token.this");
  ASSERT_TRUE(bob.tells("connect_error"));
  EXPECT_THAT(bob.lines("connect_error").front(), testing::EndsWith(R"( {"status":401})"));
  EXPECT_TRUE(eventually([&] { return gateway->metric("sessions") == 0; }));  // it goes by itself
  EXPECT_EQ(gateway->metric("sessions_opened_total"), 1u);
}

TEST_P(Stock, ComesBackByItselfAfterAResyncAndALostLink) {
  start();
  const auto bob = client_of(gateway->token("bob"));
  ASSERT_TRUE(bob.tells("ready"));
  if (*GetParam() == '\0') {
    ASSERT_TRUE(bob.tells("upgrade"));
  }
  redis({"PUBLISH", "chat:user:bob", "r"});
  EXPECT_TRUE(bob.tells("disconnect transport close"));
  ASSERT_TRUE(bob.tells("ready", 2));
  redis.kill();
  EXPECT_TRUE(bob.tells("disconnect transport close", 2));
  redis.start();
  ASSERT_TRUE(bob.tells("ready", 3));
  EXPECT_EQ(publish(1), "1");
  EXPECT_TRUE(bob.tells(line(1)));
}

TEST_P(Stock, IsSentAwayForGoodWhenItsTokenEnds) {
  start();
  const auto bob = client_of(gateway->token("bob", 8s));
  ASSERT_TRUE(bob.tells("ready"));
  EXPECT_TRUE(bob.tells("disconnect io server disconnect"));
  EXPECT_TRUE(eventually([&] { return gateway->metric("sessions") == 0; }));
  EXPECT_EQ(gateway->metric("closed_expired_total"), 1u);
  EXPECT_TRUE(bob.lines("reconnect").empty());
}

TEST_P(Stock, LeavesNothingBehindWhenItDisconnects) {
  start();
  auto bob = client_of(gateway->token("bob"));
  ASSERT_TRUE(bob.tells("ready"));
  bob.disconnect();
  EXPECT_TRUE(bob.tells("disconnect io client disconnect"));
  EXPECT_TRUE(eventually([&] { return publish(1) == "0"; }));
  EXPECT_TRUE(eventually([&] { return gateway->metric("sessions") == 0; }));
}

TEST_P(Stock, IsToldOfAShutdown) {
  start();
  const auto bob = client_of(gateway->token("bob"));
  ASSERT_TRUE(bob.tells("ready"));
  gateway->itself().signal(SIGTERM);
  // Between two polls it finds the port closed: an error, after which it tries again just the same.
  EXPECT_TRUE(bob.tells(*GetParam() == 'w' ? "disconnect transport close" : "disconnect transport"));
  EXPECT_EQ(gateway->itself().wait(), 0);
}

}  // namespace
}  // namespace gateway_test

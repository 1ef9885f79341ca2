// Two of each of the server's programs behind HAProxy, with the configuration that ships.
#include "harness/client/jwt/token.hpp"
#include "harness/stack/stack.hpp"
#include "harness/stack/test/environment.hpp"

#include <gmock/gmock.h>

#include <set>

namespace stack {
namespace {
using test::find;
using testing::HasSubstr;
using testing::StartsWith;

class Balancer : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    options wanted;
    wanted.programs = ROLLCALL_BIN;
    wanted.api = 2;
    wanted.gateway = 2;
    wanted.balancer = true;
    auto started = stack::start(wanted);
    ASSERT_TRUE(started) << started.error().what;
    running_ = started->release();
  }
  static void TearDownTestSuite() { delete running_; }
  void SetUp() override { ASSERT_NE(running_, nullptr); }

  std::string ask(const std::string& method, const std::string& target, const std::string& fields = "",
                  const std::string& body = "") const {
    return test::answer_to(find(*running_, "haproxy").address,
                           method + " " + target + " HTTP/1.1\r\nHost: stack\r\nConnection: close\r\n" + fields +
                               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  std::string token() const {
    return client::jwt::mint(running_->secret(), "alice", client::jwt::wall_now(), std::chrono::hours(1));
  }
  std::string list_chats() const { return ask("GET", "/api/v1/chats/", "Authorization: Bearer " + token() + "\r\n"); }

  static inline stack* running_ = nullptr;
};

TEST_F(Balancer, IsTheOneAddressAndTheProcessesHaveTheirOwn) {
  const client::part balancer = find(*running_, "haproxy");
  EXPECT_EQ(balancer.kind, client::part_kind::balancer);
  EXPECT_THAT(running_->base_urls(), testing::ElementsAre("http://" + balancer.address));
  EXPECT_THAT(running_->socket_urls(), testing::ElementsAre("ws://" + balancer.address + "/ws"));
  EXPECT_THAT(running_->direct_urls(), testing::ElementsAre("http://" + find(*running_, "api1").address,
                                                            "http://" + find(*running_, "api2").address));
  EXPECT_THAT(list_chats(), StartsWith("HTTP/1.1 200"));
}

// With a session in one process and a poll in another the poll would be refused: unknown session.
TEST_F(Balancer, EveryPollOfASessionGoesToItsProcess) {
  const std::string polling = "/socket.io/?EIO=4&transport=polling";
  std::set<std::string> owners;
  for (int i = 0; i < 10; ++i) {
    const std::string opened = ask("GET", polling);
    const auto begin = opened.find("\"sid\":\"");
    ASSERT_NE(begin, std::string::npos) << opened;
    const std::string sid = opened.substr(begin + 7, opened.find('"', begin + 7) - begin - 7);
    owners.insert(sid.substr(0, sid.find('-')));
    EXPECT_THAT(ask("POST", polling + "&sid=" + sid, "", "40{\"token\":\"" + token() + "\"}"), HasSubstr("ok"));
    EXPECT_THAT(ask("GET", polling + "&sid=" + sid), HasSubstr("40{\"sid\":"));
  }
  EXPECT_THAT(owners, testing::ElementsAre("g1", "g2"));
}

TEST_F(Balancer, LongTargetsAndHeadersAreTheServersBusiness) {
  EXPECT_THAT(ask("GET", "/" + std::string(10'000, 'x')), StartsWith("HTTP/1.1 414"));
  EXPECT_THAT(ask("GET", "/", "X-Long: " + std::string(20'000, 'x') + "\r\n"), StartsWith("HTTP/1.1 431"));
}

TEST_F(Balancer, AProcessThatIsGoneIsNoticedByNobody) {
  ASSERT_TRUE(running_->kill("api1"));
  for (int i = 0; i < 10; ++i) EXPECT_THAT(list_chats(), StartsWith("HTTP/1.1 200"));
  ASSERT_TRUE(running_->start("api1"));
}

TEST_F(Balancer, WithNobodyBehindItItAsksToComeAgain) {
  ASSERT_TRUE(running_->kill_together({"api1", "api2"}));
  const std::string answer = list_chats();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("retry-after: 1\r\n"));
  EXPECT_THAT(answer, HasSubstr("application/problem+json"));
  for (const char* name : {"api1", "api2"}) ASSERT_TRUE(running_->start(name));
  EXPECT_TRUE(test::becomes_true([&] { return list_chats().starts_with("HTTP/1.1 200"); }));
  for (const char* name : {"haproxy", "g1"}) {
    ASSERT_TRUE(running_->stop(name));
    ASSERT_TRUE(running_->start(name));
    ASSERT_TRUE(running_->pause(name));
    ASSERT_TRUE(running_->resume(name));
  }
  EXPECT_TRUE(test::becomes_true([&] { return list_chats().starts_with("HTTP/1.1 200"); }));
  EXPECT_FALSE(running_->failed());
}

TEST(BalancerOptions, WhatCannotStandBehindItIsRefused) {
  options wanted;
  wanted.programs = ROLLCALL_BIN;
  wanted.balancer = true;
  wanted.gateway = 0;
  EXPECT_THAT(stack::start(wanted).error().what, HasSubstr("a balancer needs an api and a gateway"));
}

}  // namespace
}  // namespace stack

#include "harness/client/user/user.hpp"

#include "harness/client/loop.hpp"
#include "harness/client/test/server.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace client {
namespace {

using namespace std::chrono_literals;
using test::ok;

class UserTest : public ::testing::Test {
 protected:
  // Answers by method and target; what is not there is 404.
  void SetUp() override {
    server_ = std::make_unique<test::server>(
        io_, test::answering([this](const std::string& request) {
          requests_.push_back(request);
          const auto first = request.substr(0, request.find(" HTTP/1.1"));
          const auto found = answers_.find(first);
          return found == answers_.end() ? ok("{\"title\":\"no\"}", "404 Not Found") : found->second;
        }));
    target t;
    t.name = "t";
    t.base_urls = {server_->url()};
    t.socket.urls = {server_->url("ws", "/ws")};
    t.login.secret = "0123456789abcdef0123456789abcdef";
    t.patience = 20s;
    target_ = std::make_shared<const target>(t);
    alice_ = std::make_unique<user>(io_, target_, "alice", user_options{.connections = 2, .agent = "rollcall/1 run=x"});
  }

  template <class T, class Start>
  reply<T> run(Start&& start) {
    auto got = await<reply<T>>(io_, clock::now() + 20s, std::forward<Start>(start));
    EXPECT_TRUE(got.has_value());
    return got ? std::move(*got) : reply<T>{};
  }

  asio::io_context io_;
  std::vector<std::string> requests_;
  std::map<std::string, std::string> answers_;
  std::unique_ptr<test::server> server_;
  std::shared_ptr<const target> target_;
  std::unique_ptr<user> alice_;
};

TEST_F(UserTest, EveryActionIsItsRequest) {
  answers_["POST /api/v1/chats/"] = ok(R"({"id":7,"participants":["alice","bob"],"created_at":"t"})", "201 Created");
  answers_["GET /api/v1/chats/"] = ok(R"({"results":[{"id":7}],"next":null})");
  answers_["GET /api/v1/chats/7/"] = ok(R"({"id":7})");
  answers_["POST /api/v1/chats/7/messages/"] =
      ok(R"({"id":9007199254740993,"chat_id":7,"sender":"alice","recipient":"bob","body":"hi","created_at":"t"})",
         "201 Created");
  answers_["GET /api/v1/chats/7/messages/?limit=2&after=5"] = ok(R"({"results":[{"id":6}],"next":"/n"})");
  answers_["GET /api/v1/chats/7/messages/6/"] = ok(R"({"id":6})");

  const auto created = run<chat>([&](auto done) { alice_->create_chat("bob", done); });
  ASSERT_TRUE(created.ok()) << created.summary();
  EXPECT_EQ(created.status(), 201);
  EXPECT_EQ(*created.value, (chat{"7", {"alice", "bob"}, "t"}));
  EXPECT_EQ(run<page<chat>>([&](auto done) { alice_->list_chats(done); }).value->items.at(0).id, "7");
  EXPECT_EQ(run<chat>([&](auto done) { alice_->get_chat("7", done); }).value->id, "7");
  const auto sent = run<message>([&](auto done) { alice_->send("7", "hi", done); });
  ASSERT_TRUE(sent.ok()) << sent.summary();
  EXPECT_EQ(*sent.value, (message{"9007199254740993", "7", "alice", "bob", "hi", "t"}));
  const auto read = run<page<message>>([&](auto done) { alice_->history("7", {.after = "5", .limit = 2}, done); });
  ASSERT_TRUE(read.ok()) << read.summary();
  EXPECT_EQ(read.value->next, "/n");
  EXPECT_EQ(run<message>([&](auto done) { alice_->get_message("7", "6", done); }).value->id, "6");

  ASSERT_EQ(requests_.size(), 6U);
  for (const std::string& request : requests_) {
    EXPECT_NE(request.find("User-Agent: rollcall/1 run=x\r\n"), std::string::npos);
    EXPECT_NE(request.find("Authorization: Bearer " + alice_->token() + "\r\n"), std::string::npos);
  }
  EXPECT_NE(requests_[0].find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_TRUE(requests_[0].ends_with("\r\n\r\n{\"participant\":\"bob\"}"));
  EXPECT_TRUE(requests_[3].ends_with("\r\n\r\n{\"body\":\"hi\"}"));
}

TEST_F(UserTest, CredentialsAndHeadersOfACall) {
  run<page<chat>>([&](auto done) { alice_->list_chats(done, {.credential = no_credential{}}); });
  EXPECT_EQ(requests_.back().find("Authorization"), std::string::npos);
  run<page<chat>>(
      [&](auto done) { alice_->list_chats(done, {.credential = other_token{alice_->bad_token(jwt::flaw::garbage)}}); });
  EXPECT_NE(requests_.back().find("Authorization: Bearer this-is-not-a-token\r\n"), std::string::npos);
  run<message>([&](auto done) {
    alice_->send("7", "x", done, {.headers = {{"content-type", "text/plain"}, {"Idempotency-Key", "k"}}});
  });
  EXPECT_EQ(requests_.back().find("application/json"), std::string::npos);
  EXPECT_NE(requests_.back().find("content-type: text/plain\r\n"), std::string::npos);
  EXPECT_NE(requests_.back().find("Idempotency-Key: k\r\n"), std::string::npos);
}

TEST_F(UserTest, WhatIsNoSuccessHasNoValue) {
  const auto refused = run<chat>([&](auto done) { alice_->get_chat("8", done); });
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(refused.status(), 404);
  EXPECT_EQ(refused.summary(), "404: {\"title\":\"no\"}");
  answers_["GET /api/v1/chats/8/"] = ok("<html>");
  const auto odd = run<chat>([&](auto done) { alice_->get_chat("8", done); });
  EXPECT_FALSE(odd.ok());
  EXPECT_TRUE(odd.summary().starts_with("200, but it is not JSON")) << odd.summary();
}

TEST_F(UserTest, TokensOfAUser) {
  EXPECT_EQ(alice_->id(), "alice");
  EXPECT_EQ(alice_->token(), alice_->token());
  EXPECT_NE(alice_->token(5s), alice_->token());
  EXPECT_EQ(&alice_->target(), target_.get());
}

TEST_F(UserTest, WalkReadsToTheEnd) {
  answers_["GET /api/v1/chats/7/messages/?limit=200&after=0"] =
      ok(R"({"results":[{"id":1},{"id":2}],"next":"/api/v1/p2"})");
  answers_["GET /api/v1/p2"] = ok(R"({"results":[{"id":3}],"next":"?p=3"})");
  answers_["GET /api/v1/p2?p=3"] = ok(R"({"results":[],"next":null})");
  const auto walked = await<walk>(io_, clock::now() + 20s, [&](auto done) { alice_->walk_history("7", done); });
  ASSERT_TRUE(walked);
  EXPECT_TRUE(walked->complete) << walked->problem;
  EXPECT_EQ(walked->exchanges.size(), 3U);
  ASSERT_EQ(walked->messages.size(), 3U);
  EXPECT_EQ(walked->messages[2].id, "3");
}

TEST_F(UserTest, WalkStopsWhereItCannotGoOn) {
  const std::string first = "GET /api/v1/chats/7/messages/?limit=200&after=0";
  const auto walked = [&](std::size_t pages = 10) {
    return *await<walk>(io_, clock::now() + 20s,
                        [&](auto done) { alice_->walk_history("7", done, {.after = "0", .limit = 200}, pages); });
  };
  EXPECT_EQ(walked().problem, "404: {\"title\":\"no\"}");
  answers_[first] = ok("x");
  EXPECT_TRUE(walked().problem.starts_with("200, but it is not JSON"));
  answers_[first] = ok(R"({"results":[{"id":1}],"next":"http://evil.example/"})");
  const walk away = walked();
  EXPECT_EQ(away.problem, "the link 'http://evil.example/' leads away from the target");
  EXPECT_FALSE(away.complete);
  EXPECT_EQ(away.messages.size(), 1U);
  answers_[first] = ok(R"({"results":[],"next":"?limit=200&after=0"})");
  EXPECT_TRUE(walked().problem.ends_with("leads back to a page that was read"));
  answers_[first] = ok(R"({"results":[],"next":"/p"})");
  EXPECT_EQ(walked(1).problem, "the history has more pages than asked for");
}

TEST_F(UserTest, AThousandSendsThroughTwoConnections) {
  answers_["POST /api/v1/chats/7/messages/"] = ok(R"({"id":1})", "201 Created");
  int acknowledged = 0;
  for (int i = 0; i < 1000; ++i) {
    alice_->send("7", "hi", [&](const reply<message>& got) { acknowledged += got.ok() ? 1 : 0; });
  }
  EXPECT_TRUE(pump(
      io_, [&] { return acknowledged == 1000; }, clock::now() + 60s));
  EXPECT_EQ(server_->peers.size(), 2U);
}

TEST_F(UserTest, DestroyedUsersCallNobody) {
  bool called = false;
  alice_->list_chats([&](const reply<page<chat>>&) { called = true; });
  alice_->walk_history("7", [&](const walk&) { called = true; });
  ASSERT_TRUE(pump(
      io_, [&] { return !requests_.empty(); }, clock::now() + 20s));
  alice_.reset();
  pump_ready(io_);
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace client

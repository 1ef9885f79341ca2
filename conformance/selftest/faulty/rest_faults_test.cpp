// Each fault, switched on, shows as itself and as nothing else, and writes down what it did: what REST
// answers and stores.
#include "conformance/selftest/faulty/test/fault_log.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faulty::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(FaultyFaults, MembershipUnchecked) {
  Running server({"--fault", "membership_unchecked"});
  const auto chat = server.chat("alice", "bob");
  server.post(chat, "alice", "m");
  EXPECT_THAT(server.history(chat, "eve"), SizeIs(1));
  server.as("eve", 404, "POST", messages_of(chat), R"({"body":"x"})");
  EXPECT_EQ(log_of(server, "membership_unchecked").at(0).at("user").as_string(), "eve");
}

TEST(FaultyFaults, PostMembershipUnchecked) {
  Running server({"--fault", "post_membership_unchecked"});
  const auto chat = server.chat("alice", "bob");
  server.as("eve", 201, "POST", messages_of(chat), R"({"body":"x"})");
  EXPECT_THAT(server.history(chat, "bob"), SizeIs(1));
  server.as("eve", 404, "GET", messages_of(chat));
  EXPECT_THAT(log_of(server, "post_membership_unchecked"), SizeIs(1));
}

TEST(FaultyFaults, ExpiredTokenAccepted) {
  Running server({"--fault", "expired_token_accepted"});
  EXPECT_EQ(server.call("GET", "/api/v1/chats/", token_for("bob", -5)).status, 200);
  EXPECT_EQ(server.call("GET", "/api/v1/chats/", token_of(R"({"sub":"bob","exp":1})", "x")).status, 401);
  auto bob = server.socket("bob", -5);
  const auto id = server.post(server.chat("alice", "bob"), "alice", "m");
  EXPECT_EQ(id_of(bob.text()), id);
  EXPECT_THAT(log_of(server, "expired_token_accepted"), SizeIs(2));
}

TEST(FaultyFaults, SenderFromBody) {
  Running server({"--fault", "sender_from_body"});
  const auto chat = server.chat("alice", "bob");
  const auto sent = server.as("alice", 201, "POST", messages_of(chat), R"({"body":"x","sender":"bob"})");
  EXPECT_EQ(sent.at("sender").as_string(), "bob");
  EXPECT_THAT(log_of(server, "sender_from_body"), SizeIs(1));
}

TEST(FaultyFaults, ChatListedForCreatorOnly) {
  Running server({"--fault", "chat_listed_for_creator_only"});
  server.chat("alice", "bob");
  EXPECT_THAT(server.as("alice", 200, "GET", "/api/v1/chats/").at("results").as_array(), SizeIs(1));
  EXPECT_THAT(server.as("bob", 200, "GET", "/api/v1/chats/").at("results").as_array(), IsEmpty());
  server.as("bob", 200, "GET", "/api/v1/chats/1/");
  EXPECT_THAT(log_of(server, "chat_listed_for_creator_only"), SizeIs(1));
}

TEST(FaultyFaults, ForeignChatsListed) {
  Running server({"--fault", "foreign_chats_listed"});
  server.chat("alice", "bob");
  EXPECT_THAT(server.as("eve", 200, "GET", "/api/v1/chats/").at("results").as_array(), SizeIs(1));
  server.as("eve", 404, "GET", "/api/v1/chats/1/");
  EXPECT_THAT(log_of(server, "foreign_chats_listed"), SizeIs(1));
}

TEST(FaultyFaults, TrimBody) {
  Running server({"--fault", "trim_body"});
  const auto chat = server.chat("alice", "bob");
  EXPECT_EQ(server.as("alice", 201, "POST", messages_of(chat), R"({"body":" a b "})").at("body").as_string(), "a b");
  EXPECT_EQ(server.as("alice", 201, "POST", messages_of(chat), R"({"body":"c"})").at("body").as_string(), "c");
  EXPECT_THAT(logged_messages(log_of(server, "trim_body")), ElementsAre(1));
}

TEST(FaultyFaults, PageBoundaryRepeats) {
  Running server({"--fault", "page_boundary_repeats", "--commit-delay", "0us"});
  const auto chat = server.chat("alice", "bob");
  for (int i = 0; i < 5; ++i) server.post(chat, "alice", "m");
  EXPECT_THAT(server.history(chat, "bob", 3), ElementsAre(1, 2, 3, 3, 4, 5));
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(logged_messages(log_of(server, "page_boundary_repeats")), ElementsAre(3));
}

TEST(FaultyFaults, NoTokenEmptyList) {
  Running server({"--fault", "no_token_empty_list"});
  server.post(server.chat("alice", "bob"), "alice", "m");
  for (const auto* path : {"/api/v1/chats/", "/api/v1/chats/1/messages/"})
    EXPECT_EQ(server.call("GET", path, "").body, R"({"results":[],"next":null})");
  EXPECT_EQ(server.call("GET", "/api/v1/chats/1/", "").status, 401);
  EXPECT_EQ(server.call("GET", "/api/v1/chats/", "garbage").status, 401);
  EXPECT_THAT(log_of(server, "no_token_empty_list"), SizeIs(2));
}

TEST(FaultyFaults, OddChatIdBreaks) {
  Running server({"--fault", "odd_chat_id_breaks"});
  server.post(server.chat("alice", "bob"), "alice", "m");
  server.as("alice", 500, "GET", "/api/v1/chats/nonsense/messages/");
  server.as("alice", 500, "GET", "/api/v1/chats/-1/messages/");
  server.as("alice", 404, "GET", "/api/v1/chats/77/messages/");
  server.as("alice", 200, "GET", "/api/v1/chats/1/messages/");
  EXPECT_THAT(log_of(server, "odd_chat_id_breaks"), SizeIs(2));
}

TEST(FaultyFaults, ChatAnswerWithoutId) {
  Running server({"--fault", "chat_answer_without_id"});
  const auto answer = server.as("alice", 200, "POST", "/api/v1/chats/", R"({"participant":"bob"})");
  EXPECT_FALSE(answer.as_object().contains("id"));
  server.as("bob", 200, "GET", "/api/v1/chats/1/");
  EXPECT_THAT(log_of(server, "chat_answer_without_id"), SizeIs(1));
}

TEST(FaultyFaults, ChatListCached) {
  Running server({"--fault", "chat_list_cached"});
  server.as("alice", 200, "GET", "/api/v1/chats/");
  server.chat("alice", "bob");
  EXPECT_THAT(server.as("alice", 200, "GET", "/api/v1/chats/").at("results").as_array(), IsEmpty());
  EXPECT_THAT(server.as("bob", 200, "GET", "/api/v1/chats/").at("results").as_array(), SizeIs(1));
  EXPECT_THAT(log_of(server, "chat_list_cached"), SizeIs(1));
}

TEST(FaultyFaults, ChatListOtherIds) {
  Running server({"--fault", "chat_list_other_ids"});
  server.chat("alice", "bob");
  const auto list = server.as("alice", 200, "GET", "/api/v1/chats/");
  EXPECT_EQ(list.at("results").at(0).at("id").as_string(), "chat-1");
  EXPECT_THAT(log_of(server, "chat_list_other_ids"), SizeIs(1));
}

TEST(FaultyFaults, InsertBeforeValidation) {
  Running server({"--fault", "insert_before_validation"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  server.as("alice", 422, "POST", messages_of(chat), R"({"body":"  "})");
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(1));
  EXPECT_THAT(bob.texts_so_far(), IsEmpty());
  EXPECT_THAT(logged_messages(log_of(server, "insert_before_validation")), ElementsAre(1));
}

TEST(FaultyFaults, PublishThenRefuse) {
  Running server({"--fault", "publish_then_refuse"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  server.as("alice", 422, "POST", messages_of(chat), R"({"body":"  "})");
  EXPECT_THAT(server.history(chat, "bob"), IsEmpty());
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(1));
  EXPECT_THAT(logged_messages(log_of(server, "publish_then_refuse")), ElementsAre(1));
}

TEST(FaultyFaults, HistoryUnordered) {
  Running server({"--fault", "history_unordered", "--commit-delay", "0us"});
  const auto chat = server.chat("alice", "bob");
  for (int i = 0; i < 4; ++i) server.post(chat, "alice", "m");
  const auto ids = server.history(chat, "bob");
  EXPECT_THAT(ids, testing::UnorderedElementsAre(1, 2, 3, 4));
  EXPECT_NE(ids, (Ids{1, 2, 3, 4}));
  EXPECT_THAT(log_of(server, "history_unordered"), SizeIs(1));
}

TEST(FaultyFaults, StaleHistory) {
  Running server({"--fault", "stale_history"});
  const auto chat = server.chat("alice", "bob");
  const auto first = server.post(chat, "alice", "m");
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(first));
  const auto second = server.post(chat, "alice", "m");
  auto bob = server.socket("bob");
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(first));
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(first, second));
  EXPECT_THAT(logged_messages(log_of(server, "stale_history")), ElementsAre(second));
}

}  // namespace
}  // namespace faulty::test

// Each fault, switched on, shows as itself and as nothing else, and writes down what it did.
#include "conformance/selftest/faulty/test/running.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

namespace faulty::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
namespace json = boost::json;
using Ids = std::vector<std::int64_t>;

std::string messages_of(std::int64_t chat) {
  return fmt::format("/api/v1/chats/{}/messages/", chat);
}

// The entries of one fault; every entry of the log must be of it.
std::vector<json::object> log_of(const Running& server, const std::string& fault) {
  auto lines = server.log();
  for (const auto& line : lines) {
    EXPECT_EQ(line.at("fault").as_string(), fault);
    EXPECT_TRUE(line.contains("time") && line.contains("clock_ns"));
  }
  return lines;
}

Ids logged_messages(const std::vector<json::object>& lines) {
  Ids ids;
  for (const auto& line : lines) ids.push_back(line.at("message").as_int64());
  return ids;
}

std::string socket_in(const json::object& line) {
  return std::string(std::string_view(line.at("socket").as_string()));
}

TEST(FaultyFaults, Broadcast) {
  Running server({"--fault", "broadcast"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), eve = server.socket("eve");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(id));
  EXPECT_THAT(ids_of(eve.texts_so_far()), ElementsAre(id));
  const auto log = log_of(server, "broadcast");
  ASSERT_THAT(log, SizeIs(1));
  EXPECT_EQ(log[0].at("message"), id);
  EXPECT_EQ(log[0].at("user").as_string(), "eve");
  EXPECT_EQ(socket_in(log[0]), eve.address());
}

TEST(FaultyFaults, ReplayOnConnect) {
  Running server({"--fault", "replay_on_connect"});
  const auto chat = server.chat("alice", "bob");
  const auto missed = server.post(chat, "alice", "m");
  auto bob = server.socket("bob");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(missed));
  const auto seen = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(seen));
  auto again = server.socket("bob");
  EXPECT_THAT(again.texts_so_far(), IsEmpty());
  EXPECT_THAT(logged_messages(log_of(server, "replay_on_connect")), ElementsAre(missed));
}

TEST(FaultyFaults, Duplicate) {
  Running server({"--fault", "duplicate"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(id, id));
  EXPECT_THAT(logged_messages(log_of(server, "duplicate")), ElementsAre(id));
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(id));
}

TEST(FaultyFaults, LoseDelivery) {
  Running server({"--fault", "lose_delivery"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), bob_too = server.socket("bob");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(bob.texts_so_far(), IsEmpty());
  EXPECT_THAT(bob_too.texts_so_far(), IsEmpty());
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(id));
  EXPECT_THAT(logged_messages(log_of(server, "lose_delivery")), ElementsAre(id, id));
}

// Posts `count` messages to bob and returns what was sent and what came.
std::pair<Ids, Ids> stream(Running& server, int count) {
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  Connection sender(server.port());
  const std::string request = fmt::format(
      "POST {} HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
      "Content-Length: 12\r\n\r\n{{\"body\":\"x\"}}",
      messages_of(chat), token_for("alice"));
  Ids sent;
  for (int i = 0; i < count; ++i) {
    sender.send(request);
    sent.push_back(json::parse(read_response(sender).body).at("id").as_int64());
  }
  return {sent, ids_of(bob.texts_so_far())};
}

Ids without(const Ids& all, const Ids& some) {
  Ids rest;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::back_inserter(rest));
  return rest;
}

TEST(FaultyFaults, ARateIsDrawnFromItsOwnSeededStream) {
  const auto lost = [](std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--commit-delay", "0us", "--fault", "lose_delivery=0.1"});
    Running server(flags);
    const auto [sent, came] = stream(server, 500);
    const Ids missing = without(sent, came);
    Ids logged;
    for (const auto& line : server.log())
      if (line.at("fault").as_string() == "lose_delivery") logged.push_back(line.at("message").as_int64());
    EXPECT_EQ(missing, logged);
    return missing;
  };
  const Ids first = lost({"--seed", "7"});
  EXPECT_GT(first.size(), 25u);
  EXPECT_LT(first.size(), 80u);
  EXPECT_EQ(lost({"--seed", "7", "--fault", "broadcast=0.5"}), first) << "another fault leaves the stream alone";
  EXPECT_NE(lost({"--seed", "8"}), first);
}

TEST(FaultyFaults, ARateOfNoughtNeverStrikes) {
  Running server({"--commit-delay", "0us", "--fault", "lose_delivery=0", "--fault", "duplicate", "--rate", "0"});
  const auto [sent, came] = stream(server, 50);
  EXPECT_EQ(sent, came);
  EXPECT_THAT(server.log(), IsEmpty());
}

TEST(FaultyFaults, AFaultCanBeLimitedToChats) {
  Running server({"--fault", "lose_delivery@0/2", "--fault", "duplicate@1/2"});
  auto bob = server.socket("bob");
  const auto odd = server.chat("alice", "bob"), even = server.chat("carol", "bob");
  ASSERT_EQ(odd, 1);
  const auto twice = server.post(odd, "alice", "m");
  server.post(even, "carol", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(twice, twice));
}

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

TEST(FaultyFaults, DeliverNothing) {
  Running server({"--fault", "deliver_nothing"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(bob.texts_so_far(), IsEmpty());
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(id));
  EXPECT_THAT(logged_messages(log_of(server, "deliver_nothing")), ElementsAre(id));
}

TEST(FaultyFaults, PublishBeforeCommit) {
  Running server({"--fault", "publish_before_commit", "--commit-delay", "500ms"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  Connection sender(server.port());
  sender.send(
      fmt::format("POST {} HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
                  "Content-Length: 12\r\n\r\n{{\"body\":\"x\"}}",
                  messages_of(chat), token_for("alice")));
  EXPECT_EQ(id_of(bob.text()), 1);
  server.as("bob", 404, "GET", messages_of(chat) + "1");
  EXPECT_EQ(read_response(sender).status, 201);
  server.as("bob", 200, "GET", messages_of(chat) + "1");
  EXPECT_THAT(bob.texts_so_far(), IsEmpty());
  EXPECT_THAT(logged_messages(log_of(server, "publish_before_commit")), ElementsAre(1));
}

TEST(FaultyFaults, ClientFrameInserts) {
  Running server({"--fault", "client_frame_inserts"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), alice = server.socket("alice"), eve = server.socket("eve");
  eve.send(1, fmt::format(R"({{"chat_id":{},"body":"not mine"}})", chat));
  eve.send(1, "junk");
  EXPECT_THAT(eve.texts_so_far(), IsEmpty());
  alice.send(1, fmt::format(R"({{"event":"message","data":{{"chat_id":{},"body":"x"}}}})", chat));
  alice.send(1, fmt::format(R"(42["message",{{"chat":{},"text":"y"}}])", chat));
  EXPECT_EQ(id_of(bob.text()), 1);
  EXPECT_EQ(id_of(bob.text()), 2);
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(1, 2));
  EXPECT_THAT(logged_messages(log_of(server, "client_frame_inserts")), ElementsAre(1, 2));
}

TEST(FaultyFaults, Reorder) {
  Running server({"--fault", "reorder"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  const auto first = server.post(chat, "alice", "m"), second = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(second, first));
  const auto last = server.post(chat, "alice", "m");
  EXPECT_EQ(id_of(bob.text()), last) << "with nothing behind it a message comes all the same";
  EXPECT_THAT(logged_messages(log_of(server, "reorder")), ElementsAre(first));
}

TEST(FaultyFaults, Misroute) {
  Running server({"--fault", "misroute"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), carol = server.socket("carol"), dave = server.socket("dave");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(id));
  EXPECT_THAT(ids_of(carol.texts_so_far()), ElementsAre(id));
  EXPECT_THAT(dave.texts_so_far(), IsEmpty());
  EXPECT_EQ(socket_in(log_of(server, "misroute").at(0)), carol.address());
}

TEST(FaultyFaults, Corrupt) {
  Running server({"--fault", "corrupt"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  server.post(chat, "alice", "r1-c2-x");
  const auto frame = json::parse(bob.text());
  const std::string body(std::string_view(frame.at("data").at("body").as_string()));
  EXPECT_NE(body, "r1-c2-x");
  EXPECT_THAT(body, SizeIs(7));
  const auto history = server.as("bob", 200, "GET", messages_of(chat));
  EXPECT_EQ(history.at("results").at(0).at("body").as_string(), "r1-c2-x");
  EXPECT_THAT(logged_messages(log_of(server, "corrupt")), ElementsAre(1));
}

TEST(FaultyFaults, ReplayLate) {
  Running server({"--fault", "replay_late"});
  const auto chat = server.chat("alice", "bob");
  Ids sent;
  {
    auto bob = server.socket("bob");
    sent.push_back(server.post(chat, "alice", "seen"));
    EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(sent[0]));
  }
  sent.push_back(server.post(chat, "alice", "missed"));
  // Letters become due a second after they were kept; the fault is a matter of time.
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  auto bob = server.socket("bob");
  EXPECT_EQ((Ids{id_of(bob.text()), id_of(bob.text())}), sent);
  EXPECT_EQ(logged_messages(log_of(server, "replay_late")), sent);
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

TEST(FaultyFaults, EchoToSender) {
  Running server({"--fault", "echo_to_sender"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), alice = server.socket("alice"), eve = server.socket("eve");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(id));
  EXPECT_THAT(ids_of(alice.texts_so_far()), ElementsAre(id));
  EXPECT_THAT(eve.texts_so_far(), IsEmpty());
  EXPECT_EQ(socket_in(log_of(server, "echo_to_sender").at(0)), alice.address());
}

TEST(FaultyFaults, LastSocketOnly) {
  Running server({"--fault", "last_socket_only"});
  const auto chat = server.chat("alice", "bob");
  auto first = server.socket("bob"), last = server.socket("bob");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(first.texts_so_far(), IsEmpty());
  EXPECT_THAT(ids_of(last.texts_so_far()), ElementsAre(id));
  EXPECT_EQ(socket_in(log_of(server, "last_socket_only").at(0)), first.address());
}

TEST(FaultyFaults, SocketUnauthenticatedGetsFrames) {
  Running server({"--fault", "socket_unauthenticated_gets_frames"});
  const auto chat = server.chat("alice", "bob");
  WebSocketClient nobody(server.port(), ""), expired(server.port(), token_for("bob", -5));
  EXPECT_EQ(nobody.text(), R"({"event":"ready","data":{"user":""}})");
  EXPECT_EQ(expired.text(), R"({"event":"ready","data":{"user":"bob"}})");
  const auto id = server.post(chat, "alice", "m");
  for (auto* socket : {&nobody, &expired}) {
    EXPECT_EQ(id_of(socket->text()), id);
    EXPECT_EQ(socket->next().close_code(), 4401);
  }
  EXPECT_EQ(server.call("GET", "/api/v1/chats/", "").status, 401);
  EXPECT_THAT(log_of(server, "socket_unauthenticated_gets_frames"), SizeIs(3));
}

TEST(FaultyFaults, QueryUserTrusted) {
  Running server({"--fault", "query_user_trusted"});
  const auto chat = server.chat("alice", "bob");
  WebSocketClient eve(server.port(), token_for("eve"), "?user_id=bob");
  EXPECT_EQ(eve.text(), R"({"event":"ready","data":{"user":"bob"}})");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_EQ(id_of(eve.text()), id);
  EXPECT_THAT(log_of(server, "query_user_trusted"), SizeIs(1));
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

}  // namespace
}  // namespace faulty::test

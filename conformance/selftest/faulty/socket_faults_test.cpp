// Each fault, switched on, shows as itself and as nothing else, and writes down what it did: who is let in
// and what sockets are good for.
#include "conformance/selftest/faulty/test/fault_log.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faulty::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

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

TEST(FaultyFaults, ClientFrameRelayed) {
  Running server({"--fault", "client_frame_relayed"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), alice = server.socket("alice");
  alice.send(1, fmt::format(R"({{"chat_id":{},"body":"x"}})", chat));
  EXPECT_EQ(id_of(bob.text()), 1);
  EXPECT_THAT(server.history(chat, "bob"), IsEmpty());
  EXPECT_THAT(logged_messages(log_of(server, "client_frame_relayed")), ElementsAre(1));
}

TEST(FaultyFaults, MembershipCachedAtConnect) {
  Running server({"--fault", "membership_cached_at_connect"});
  const auto old = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  const auto fresh = server.chat("carol", "bob");
  const auto lost = server.post(fresh, "carol", "m");
  const auto seen = server.post(old, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(seen));
  EXPECT_THAT(logged_messages(log_of(server, "membership_cached_at_connect")), ElementsAre(lost));
}

TEST(FaultyFaults, HandlerPerReconnect) {
  Running server({"--fault", "handler_per_reconnect"});
  const auto chat = server.chat("alice", "bob");
  { auto bob = server.socket("bob"); }
  auto bob = server.socket("bob");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), testing::Each(id));
  const auto log = log_of(server, "handler_per_reconnect");
  ASSERT_FALSE(log.empty());
  EXPECT_EQ(socket_in(log[0]), bob.address());
}

}  // namespace
}  // namespace faulty::test

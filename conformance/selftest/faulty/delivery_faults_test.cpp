// Each fault, switched on, shows as itself and as nothing else, and writes down what it did: what reaches
// the recipient.
#include "conformance/selftest/faulty/test/fault_log.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

namespace faulty::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
namespace json = boost::json;

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
  Running server({"--fault", "publish_before_commit", "--commit-delay", "3s"});
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

TEST(FaultyFaults, Reorder) {
  Running server({"--fault", "reorder"});
  auto chat = server.chat("alice", "bob");
  auto bob = std::make_unique<WebSocketClient>(server.socket("bob"));
  std::int64_t first = 0, second = 0;
  const auto in_time = [&] {
    const auto began = std::chrono::steady_clock::now();
    first = server.post(chat, "alice", "m");
    second = server.post(chat, "alice", "m");
    return std::chrono::steady_clock::now() - began < overtaking;
  };
  for (int tries = 1; !in_time(); ++tries) {
    ASSERT_LT(tries, 20) << "this machine is too slow";
    const auto next = fmt::format("bob{}", tries);
    chat = server.chat("alice", next);
    bob = std::make_unique<WebSocketClient>(server.socket(next));
  }
  EXPECT_THAT(ids_of(bob->texts_so_far()), ElementsAre(second, first));
  const auto last = server.post(chat, "alice", "m");
  EXPECT_EQ(id_of(bob->text()), last) << "with nothing behind it a message comes all the same";
  EXPECT_THAT(logged_messages(log_of(server, "reorder")), testing::Contains(first));
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

TEST(FaultyFaults, MisrouteTakesNobodyOfTheChat) {
  Running server({"--fault", "misroute"});
  const auto chat = server.chat("alice", "bob");
  auto alice = server.socket("alice"), bob = server.socket("bob");
  const auto id = server.post(chat, "alice", "m");
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(id));
  EXPECT_THAT(alice.texts_so_far(), IsEmpty());
  EXPECT_THAT(server.log(), IsEmpty()) << "nobody else is there";
}

TEST(FaultyFaults, BodyEscapedTwice) {
  Running server({"--fault", "body_escaped_twice"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  server.post(chat, "alice", "plain");
  server.post(chat, "alice", "a \"b\"");
  EXPECT_EQ(json::parse(bob.text()).at("data").at("body").as_string(), "plain");
  EXPECT_EQ(json::parse(bob.text()).at("data").at("body").as_string(), R"(a \"b\")");
  EXPECT_THAT(logged_messages(log_of(server, "body_escaped_twice")), ElementsAre(2));
}

TEST(FaultyFaults, FanOutToContacts) {
  Running server({"--fault", "fan_out_to_contacts"});
  const auto with_bob = server.chat("alice", "bob"), with_carol = server.chat("alice", "carol");
  auto bob = server.socket("bob"), carol = server.socket("carol"), eve = server.socket("eve");
  const auto first = server.post(with_carol, "alice", "m");
  const auto second = server.post(with_bob, "alice", "m");
  EXPECT_THAT(ids_of(carol.texts_so_far()), ElementsAre(first, second));
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(second));
  EXPECT_THAT(eve.texts_so_far(), IsEmpty());
  EXPECT_THAT(logged_messages(log_of(server, "fan_out_to_contacts")), ElementsAre(second));
}

}  // namespace
}  // namespace faulty::test

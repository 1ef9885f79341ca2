// When a fault strikes, and what the log says of it.
#include "conformance/selftest/faulty/test/fault_log.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace faulty::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
namespace json = boost::json;

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

// False when the machine was too slow for one message to overtake another.
void six_faults_at_once(bool& in_time) {
  Running server({"--fault", "lose_delivery@1/6", "--fault", "duplicate@2/6", "--fault", "reorder@3/6", "--fault",
                  "misroute@4/6", "--fault", "corrupt@5/6", "--fault", "replay_late@0/6"});
  const char* faults[] = {"lose_delivery", "duplicate", "reorder", "misroute", "corrupt"};
  auto bob = server.socket("bob"), zoe = server.socket("zoe");
  for (std::int64_t chat = 1; chat <= 6; ++chat) {
    ASSERT_EQ(server.chat(fmt::format("alice{}", chat), "bob"), chat);
    const auto sender = fmt::format("alice{}", chat);
    const auto began = std::chrono::steady_clock::now();
    const auto first = server.post(chat, sender, fmt::format("tag-{} and more", chat));
    if (chat == 3) {
      server.post(chat, sender, "second");  // overtakes
      in_time = std::chrono::steady_clock::now() - began < overtaking;
      if (!in_time) return;
    }
    const auto log = server.log();
    if (chat == 6) {
      EXPECT_THAT(log, SizeIs(5)) << "a replay takes a later socket";
      break;
    }
    ASSERT_THAT(log, SizeIs(static_cast<std::size_t>(chat)));
    const auto& line = log.back();
    EXPECT_EQ(text_in(line, "fault"), faults[chat - 1]);
    EXPECT_EQ(line.at("message"), first);
    EXPECT_EQ(line.at("chat"), chat);
    EXPECT_EQ(text_in(line, "sender"), sender);
    EXPECT_EQ(text_in(line, "recipient"), "bob");
    EXPECT_EQ(text_in(line, "tag"), fmt::format("tag-{}", chat));
    EXPECT_EQ(text_in(line, "user"), chat == 4 ? "zoe" : "bob");
    EXPECT_EQ(socket_in(line), chat == 4 ? zoe.address() : bob.address());
  }
}

TEST(FaultyFaults, SixFaultsAtOnceInChatsOfTheirOwnAndWhatTheLogSaysOfThem) {
  bool in_time = false;
  for (int tries = 0; !in_time && !testing::Test::HasFailure(); ++tries) {
    ASSERT_LT(tries, 20) << "this machine is too slow";
    six_faults_at_once(in_time);
  }
}

TEST(FaultyBenign, OddJsonIsTheSameJson) {
  Running server({"--benign", "extra_fields", "--benign", "reordered_keys", "--benign", "pretty_json"});
  const auto chat = server.chat("alice", "bob");
  WebSocketClient bob(server.port(), token_for("bob"));
  EXPECT_EQ(json::parse(bob.text()).at("event").as_string(), "ready");
  const auto id = server.post(chat, "alice", "a \"b\"");
  const std::string frame = bob.text();
  EXPECT_NE(frame.find("\n  \"data\" : {"), std::string::npos) << frame;
  EXPECT_LT(frame.find("\"data\""), frame.find("\"event\"")) << frame;
  EXPECT_EQ(id_of(frame), id);
  EXPECT_EQ(json::parse(frame).at("data").at("body").as_string(), "a \"b\"");
  EXPECT_TRUE(json::parse(frame).at("data").as_object().contains("x_more"));
  EXPECT_THAT(server.history(chat, "bob"), ElementsAre(id));
  EXPECT_THAT(server.log(), IsEmpty());
}

}  // namespace
}  // namespace faulty::test

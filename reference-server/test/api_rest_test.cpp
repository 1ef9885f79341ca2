// The REST surface of one api process, end to end.
#include "reference-server/test/api_fixture_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

namespace api_test {
namespace {

// One stack for all of these: they do not disturb each other.
class ApiRest : public testing::Test {
 protected:
  static void SetUpTestSuite() { place_ = std::make_unique<environment>(2).release(); }
  static void TearDownTestSuite() { delete place_; }
  static const environment& place() { return *place_; }
  // Nobody else's users.
  std::string alice_ = std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".alice";
  std::string bob_ = std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".bob";

 private:
  static environment* place_;
};
environment* ApiRest::place_ = nullptr;

std::string messages_of(std::int64_t chat) {
  return "/api/v1/chats/" + std::to_string(chat) + "/messages";
}

TEST_F(ApiRest, AChatIsMadeOnceForAPair) {
  const auto alice = place().as(alice_);
  const auto bob = place().as(bob_, 2);
  const answer made = alice->post("/api/v1/chats", "{\"participant\":\"" + bob_ + "\"}");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.json().at("participants").as_array(), (boost::json::array{alice_, bob_}));
  const std::string path = "/api/v1/chats/" + std::to_string(made.id()) + "/";
  EXPECT_NE(made.head.find("Location: " + path + "\r\n"), std::string::npos);
  const answer again = bob->post("/api/v1/chats/", "{\"participant\":\"" + alice_ + "\"}");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(bob->get(path).body, made.body);
  EXPECT_EQ(bob->get("/api/v1/chats").body, "{\"results\":[" + made.body + "],\"next\":null}");
}

TEST_F(ApiRest, RacingCreatesMakeOneChat) {
  std::vector<int> statuses(16);
  std::vector<std::int64_t> ids(16);
  std::vector<std::thread> racers;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    racers.emplace_back([&, i] {
      const answer got =
          place().as(alice_, 1 + static_cast<int>(i % 2))->post("/api/v1/chats/", "{\"participant\":\"" + bob_ + "\"}");
      statuses[i] = got.status;
      ids[i] = got.id();
    });
  }
  for (std::thread& one : racers) {
    one.join();
  }
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 201), 1);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 15);
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1U);
}

// Many rows share a statement: each answer has to be the one of its own request.
TEST_F(ApiRest, EachAnswerBelongsToItsRequest) {
  const std::int64_t chats[] = {place().create_chat(alice_, bob_), place().create_chat(alice_, bob_ + "2")};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 24; ++sender) {
    senders.emplace_back([&, sender] {
      const auto client = place().as(alice_, 1 + sender % 2);
      for (int i = 0; i < 20; ++i) {
        if (i % 5 == 4) {  // rows that are not stored stand between those that are
          EXPECT_EQ(client->send(9007199254740991, "to nobody").status, 404);
          continue;
        }
        const std::int64_t chat = chats[(sender + i) % 2];
        const std::string body = std::to_string(sender) + "/" + std::to_string(i);
        const answer sent = client->send(chat, body);
        ASSERT_EQ(sent.status, 201) << sent.body;
        EXPECT_EQ(sent.json().at("body").as_string(), body);
        EXPECT_EQ(sent.json().at("chat_id").as_int64(), chat);
        const std::string path = messages_of(chat) + "/" + std::to_string(sent.id()) + "/";
        EXPECT_NE(sent.head.find("Location: " + path + "\r\n"), std::string::npos);
        EXPECT_EQ(client->get(path).body, sent.body);
      }
    });
  }
  for (std::thread& one : senders) {
    one.join();
  }
  EXPECT_EQ(place().as(alice_)->history(chats[0], 0).size(), 192U);
}

TEST_F(ApiRest, HistoryPagesBothWays) {
  const std::int64_t chat = place().create_chat(alice_, bob_);
  const auto alice = place().as(alice_);
  EXPECT_EQ(alice->get(messages_of(chat)).body, R"({"results":[],"next":null})");
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(alice->send(chat, "m").id());
  }
  const auto page = [&](const std::string& query, std::vector<std::size_t> expected, const std::string& next) {
    const auto json = alice->get(messages_of(chat) + "/?" + query).json();
    std::vector<std::int64_t> got;
    for (const auto& message : json.at("results").as_array()) {
      got.push_back(message.at("id").as_int64());
    }
    std::vector<std::int64_t> wanted;
    for (std::size_t place_in_ids : expected) {
      wanted.push_back(ids[place_in_ids]);
    }
    EXPECT_EQ(got, wanted) << query;
    const auto& shown = json.at("next");
    EXPECT_EQ(shown.is_null() ? "" : std::string(shown.as_string()),
              next.empty() ? "" : messages_of(chat) + "/?" + next)
        << query;
  };
  const auto id = [&](std::size_t i) { return std::to_string(ids[i]); };
  page("limit=2", {3, 4}, "before=" + id(3) + "&limit=2");
  page("limit=2&before=" + id(3), {1, 2}, "before=" + id(1) + "&limit=2");
  page("limit=2&before=" + id(1), {0}, "");
  page("limit=2&after=0", {0, 1}, "after=" + id(1) + "&limit=2");
  page("limit=3&after=" + id(1), {2, 3, 4}, "");
  page("limit=5", {0, 1, 2, 3, 4}, "");
  page("after=" + id(4), {}, "");
  page("before=0", {}, "");
}

TEST_F(ApiRest, StrangersSeeNothing) {
  const std::int64_t chat = place().create_chat(alice_, bob_);
  const answer sent = place().as(alice_)->send(chat, "needle");
  const auto mallory = place().as(alice_ + "x");
  const std::string message = messages_of(chat) + "/" + std::to_string(sent.id());
  for (const std::string& path : {messages_of(chat), message, "/api/v1/chats/" + std::to_string(chat)}) {
    const answer foreign = mallory->get(path);
    EXPECT_EQ(foreign.status, 404);
    EXPECT_EQ(foreign.body, mallory->get("/api/v1/chats/9007199254740991/messages").body)
        << "tells it from an absent one";
  }
  EXPECT_EQ(mallory->send(chat, "intrusion").status, 404);
  EXPECT_EQ(mallory->get("/api/v1/chats/").body, R"({"results":[],"next":null})");
  EXPECT_EQ(place().as(bob_)->history(chat, 0).size(), 1U);
  const std::int64_t other = place().create_chat(alice_, bob_ + "2");
  EXPECT_EQ(place().as(alice_)->get(messages_of(other) + "/" + std::to_string(sent.id())).status, 404);
}

TEST_F(ApiRest, KeysMakeRetriesSafe) {
  const std::int64_t chat = place().create_chat(alice_, bob_);
  const std::string path = messages_of(chat) + "/";
  const auto keyed = [&](client& by, const std::string& body, const std::string& key) {
    return by.post(path, "{\"body\":\"" + body + "\"}", "Idempotency-Key: " + key + "\r\n");
  };
  const auto alice = place().as(alice_);
  const answer first = keyed(*alice, "hi", "k 1");
  EXPECT_EQ(first.status, 400) << "a space is not visible";
  EXPECT_EQ(keyed(*alice, "hi", std::string(256, 'k')).status, 400);
  const answer stored = keyed(*alice, "hi", "k1");
  EXPECT_EQ(stored.status, 201);
  const answer again = keyed(*alice, "hi", "k1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, stored.body);
  EXPECT_EQ(keyed(*alice, "other", "k1").status, 422);
  EXPECT_EQ(keyed(*place().as(bob_), "hi", "k1").status, 201) << "keys are each sender's own";

  std::vector<int> statuses(16);
  std::vector<std::thread> racers;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    racers.emplace_back(
        [&, i] { statuses[i] = keyed(*place().as(alice_, 1 + static_cast<int>(i % 2)), "race", "k2").status; });
  }
  for (std::thread& one : racers) {
    one.join();
  }
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 201), 1);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 15);
  EXPECT_EQ(alice->history(chat, 0).size(), 3U);
}

TEST_F(ApiRest, ErrorsComeInTheContractsOrder) {
  const std::int64_t chat = place().create_chat(alice_, bob_);
  const auto alice = place().as(alice_);
  client nobody(place().stack->base_urls()[0], "not-a-token");
  const std::string good = "/api/v1/chats/";
  const auto status = [&](client& by, const std::string& path, const std::string& body, const std::string& more = {}) {
    return by.post(path, body, more).status;
  };
  EXPECT_EQ(status(nobody, "/nowhere", "{"), 404);
  EXPECT_EQ(status(nobody, good + "1/", "{"), 405);
  EXPECT_EQ(status(nobody, good, "{"), 401);
  EXPECT_NE(nobody.get(good).head.find("WWW-Authenticate: Bearer\r\n"), std::string::npos);
  EXPECT_EQ(status(*alice, good + "?access_token=other", "{"), 400);
  EXPECT_EQ(status(*alice, good, "{", "Authorization: Bearer other\r\n"), 400);
  EXPECT_EQ(status(*alice, good, "{"), 400);
  EXPECT_EQ(status(*alice, good, "{}"), 422);
  EXPECT_EQ(status(*alice, good, "{\"participant\":\"" + alice_ + "\"}"), 422);
  EXPECT_EQ(status(*alice, messages_of(chat), R"({"body":"  "})"), 422);
  EXPECT_EQ(status(*alice, messages_of(9007199254740991), R"({"body":"  "})"), 422);
  EXPECT_EQ(status(*alice, messages_of(9007199254740991), R"({"body":"x"})"), 404);
  EXPECT_EQ(alice->get(messages_of(9007199254740991) + "?limit=0").status, 400);
  EXPECT_EQ(alice->get("/api/v1/login/").status, 404) << "logging in by name is off";
  const answer invalid = alice->post(good, "{}");
  EXPECT_NE(invalid.head.find("Content-Type: application/problem+json"), std::string::npos);
  EXPECT_EQ(invalid.json().at("errors").at(0).at("field").as_string(), "participant");
}

TEST_F(ApiRest, ServerValuesCannotBeSent) {
  const std::int64_t chat = place().create_chat(alice_, bob_);
  const auto sent = place()
                        .as(alice_)
                        ->post(messages_of(chat), R"({"id":1,"chat_id":2,"sender":"x","recipient":"y",)"
                                                  R"("created_at":"2000-01-01T00:00:00Z","body":" \u0007é<b>\"  "})")
                        .json();
  EXPECT_EQ(sent.at("chat_id").as_int64(), chat);
  EXPECT_EQ(sent.at("sender").as_string(), alice_);
  EXPECT_EQ(sent.at("recipient").as_string(), bob_);
  EXPECT_EQ(sent.at("body").as_string(), " \aé<b>\"  ");
  const std::string at(sent.at("created_at").as_string());
  EXPECT_EQ(at.size(), std::string("2026-11-24T05:00:00.123456Z").size());
  EXPECT_GT(at, "2026");
}

}  // namespace
}  // namespace api_test

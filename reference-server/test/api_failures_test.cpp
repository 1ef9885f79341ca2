// What becomes of a POST when a row, Redis, PostgreSQL or the schema fails under it.
#include "reference-server/test/api_fixture_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace api_test {
namespace {

using namespace std::chrono_literals;

// Sends these bodies at once, each on a connection of its own, while a slow commit keeps the writer busy: they are one
// batch. Gives the statuses, in the order of the bodies.
std::vector<int> send_as_one_batch(const environment& place, std::int64_t chat, std::int64_t busy_chat,
                                   const std::vector<std::string>& bodies) {
  std::vector<int> statuses(bodies.size());
  std::vector<std::unique_ptr<client>> clients;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    clients.push_back(place.as("alice"));
    clients.back()->get("/api/v1/chats/");  // connected
  }
  auto sql = place.sql();
  std::thread slow([&] { EXPECT_EQ(place.as("alice")->send(busy_chat, "stall").status, 201); });
  wait_until("the slow commit",
             [&] { return sql.run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") != "0"; });
  std::vector<std::thread> senders;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    senders.emplace_back([&, i] { statuses[i] = clients[i]->send(chat, bodies[i]).status; });
  }
  for (std::thread& one : senders) {
    one.join();
  }
  slow.join();
  return statuses;
}

TEST(ApiFailures, ARowThatFailsDoesNotFailItsNeighbours) {
  const environment place(1);
  place.install_triggers();
  const std::int64_t chat = place.create_chat("alice", "bob");
  const std::int64_t busy = place.create_chat("alice", "carol");
  std::vector<std::string> bodies(12, "good");
  bodies[7] = "poison";
  std::vector<int> expected(12, 201);
  expected[7] = 503;
  EXPECT_EQ(send_as_one_batch(place, chat, busy, bodies), expected);
  EXPECT_EQ(place.as("bob")->history(chat, 0).size(), 11U);
  EXPECT_NE(place.metric("rollcall_api_failed_batches_total"), "0");
}

TEST(ApiFailures, ASilentRedisHoldsAPostForAQuarterSecondAndIsOwedAResync) {
  const environment place(1);
  const std::int64_t chat = place.create_chat("alice", "bob");
  const auto alice = place.as("alice");
  const subscriber frames(place.stack->redis_path(), "chat:user:bob");
  ASSERT_TRUE(place.stack->pause("redis"));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(alice->send(chat, "to a silent Redis").status, 201);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 250ms);
  EXPECT_EQ(alice->send(chat, "to a Redis known to be gone").status, 201);
  EXPECT_EQ(place.metric("rollcall_api_publishes_dropped_total"), "2");
  ASSERT_TRUE(place.stack->resume("redis"));
  wait_until("the resync", [&] { return !frames.others().empty(); });
  EXPECT_EQ(frames.others(), std::vector<std::string>{"r"});
  const answer after = alice->send(chat, "after the resync");
  EXPECT_EQ(after.status, 201);
  wait_until("its frame", [&] { return !frames.ids().empty() && frames.ids().back() == after.id(); });
  EXPECT_EQ(place.as("bob")->history(chat, 0).size(), 3U);
}

// While Redis is silent the batch is not over, and nothing of the next one may be sent: the second message is inserted
// only after the first one's publish was given up.
TEST(ApiFailures, NothingOfTheNextBatchIsSentBeforeRedisHasAnswered) {
  const environment place(1);
  const std::int64_t chat = place.create_chat("alice", "bob");
  const std::int64_t other = place.create_chat("alice", "carol");
  const auto second = place.as("alice");
  second->get("/api/v1/chats/");  // connected
  auto sql = place.sql();
  ASSERT_TRUE(place.stack->pause("redis"));
  std::thread first([&] { EXPECT_EQ(place.as("alice")->send(chat, "first").status, 201); });
  wait_until("the first commit", [&] { return sql.run("SELECT count(*) FROM message") == "1"; });
  EXPECT_EQ(second->send(other, "second").status, 201);
  first.join();
  EXPECT_EQ(sql.run("SELECT max(created_at) - min(created_at) >= interval '240 ms' FROM message"), "t");
  ASSERT_TRUE(place.stack->resume("redis"));
}

TEST(ApiFailures, WithoutRedisMessagesAreStored) {
  const environment place(1);
  const std::int64_t chat = place.create_chat("alice", "bob");
  const auto alice = place.as("alice");
  ASSERT_TRUE(place.stack->kill("redis"));
  EXPECT_EQ(alice->send(chat, "stored").status, 201);
  EXPECT_EQ(alice->history(chat, 0).size(), 1U);
  const answer ready = client(place.stack->admin_urls().at("api1"), "").get("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body, R"({"postgres":"up","redis":"down"})");
}

TEST(ApiFailures, WithoutPostgresItIs503AndLaterWorksAgain) {
  const environment place(1);
  const std::int64_t chat = place.create_chat("alice", "bob");
  const auto alice = place.as("alice");
  ASSERT_TRUE(place.stack->kill("postgres"));
  wait_until("the loss", [&] { return client(place.stack->admin_urls().at("api1"), "").get("/readyz").status == 503; });
  const answer refused = alice->send(chat, "nowhere");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.head.find("Retry-After:"), std::string::npos);
  EXPECT_EQ(alice->get("/api/v1/chats/").status, 503);
  EXPECT_EQ(alice->post("/api/v1/chats/", R"({"participant":"x"})").status, 503);
  ASSERT_TRUE(place.stack->start("postgres"));
  place.wait_ready();
  EXPECT_EQ(alice->send(chat, "back").status, 201);
  EXPECT_EQ(alice->history(chat, 0).size(), 1U);
}

// The api remembers who is in a chat, but not beyond its connections: behind the next ones may be another database.
TEST(ApiFailures, WhoIsInAChatIsAskedAgainAfterALoss) {
  const environment place(1);
  const std::string path = "/api/v1/chats/" + std::to_string(place.create_chat("alice", "bob")) + "/messages/";
  const auto alice = place.as("alice");
  const auto carol = place.as("carol");
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(alice->get(path).status, 200);
    EXPECT_EQ(carol->get(path).status, 404);
  }
  auto sql = place.sql();
  sql.run("UPDATE chat SET low = 'carol', high = 'dave'");
  sql.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'api1-reader'");
  wait_until("the new members", [&] { return carol->get(path).status == 200; });
  wait_until("the old ones gone", [&] { return alice->get(path).status == 404; });
}

// Several pages read in one turn share transactions; one that fails costs nobody else an answer.
TEST(ApiFailures, AReadThatFailsDoesNotFailItsNeighbours) {
  const environment place(1);
  const std::string path = "/api/v1/chats/" + std::to_string(place.create_chat("alice", "bob")) + "/messages/";
  std::vector<std::unique_ptr<client>> clients;
  std::vector<std::thread> reading;
  std::vector<std::atomic<int>> statuses(12);
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    clients.push_back(place.as("alice"));
    EXPECT_EQ(clients.back()->get(path).status, 200);
  }
  auto holder = place.sql();
  holder.run("BEGIN");
  holder.run("LOCK TABLE message");
  ASSERT_TRUE(place.stack->pause("api1"));
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    reading.emplace_back([&, i] { statuses[i] = clients[i]->get(path).status; });
  }
  ASSERT_TRUE(place.stack->resume("api1"));
  auto sql = place.sql();
  const std::string waiting =
      " FROM pg_stat_activity WHERE application_name = 'api1-reader' AND wait_event_type = 'Lock'";
  wait_until("the readers", [&] { return sql.run("SELECT count(*)" + waiting) == "3"; });
  sql.run("SELECT pg_cancel_backend(pid)" + waiting + " LIMIT 1");
  wait_until("the one answer", [&] { return std::count(statuses.begin(), statuses.end(), 503) == 1; });
  holder.run("COMMIT");
  for (std::thread& one : reading) {
    one.join();
  }
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 11);
}

TEST(ApiFailures, ALinkLostDuringTheCommitIsAnUnknownOutcome) {
  const environment place(1);
  place.install_triggers();
  const std::int64_t chat = place.create_chat("alice", "bob");
  answer unknown;
  std::thread sender([&] { unknown = place.as("alice")->send(chat, "stall"); });
  auto sql = place.sql();
  wait_until("the commit", [&] {
    return sql.run(
               "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'api1-writer' AND wait_event = "
               "'PgSleep'") == "1";
  });
  sql.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'api1-writer'");
  sender.join();
  EXPECT_EQ(unknown.status, 504);
  EXPECT_EQ(unknown.json().at("type").as_string(), "outcome-unknown");
  place.wait_ready();
  EXPECT_EQ(place.as("alice")->send(chat, "again").status, 201);
  EXPECT_EQ(place.as("bob")->history(chat, 0).size(), 1U) << "never sent twice, and here never committed";
}

TEST(ApiFailures, APipelineWithoutAnAnswerForFiveSecondsIsGivenUpAndItsKeySettlesIt) {
  const environment place(1);
  place.install_triggers();
  const std::int64_t chat = place.create_chat("alice", "bob");
  const auto alice = place.as("alice");
  const auto send = [&] {
    return alice->post("/api/v1/chats/" + std::to_string(chat) + "/messages/", R"({"body":"hang"})",
                       "Idempotency-Key: once\r\n");
  };
  const auto start = std::chrono::steady_clock::now();
  const answer unknown = send();
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(unknown.status, 504);
  EXPECT_EQ(unknown.json().at("type").as_string(), "outcome-unknown");
  EXPECT_GE(took, 5s);
  EXPECT_LT(took, 6900ms);  // at 7 s the commit would have been answered
  // The server process in PostgreSQL still sleeps, with the chat's lock: until it ends the retry is 503, then 200.
  place.wait_ready();
  answer settled = send();
  wait_until("the retry", [&] { return settled.status != 503 || (settled = send()).status != 503; });
  EXPECT_EQ(settled.status, 200);
  EXPECT_EQ(alice->history(chat, 0), std::vector<std::int64_t>{settled.id()});
}

TEST(ApiFailures, AStopFinishesWhatWasAccepted) {
  const environment place(1);
  place.install_triggers();
  const std::int64_t chat = place.create_chat("alice", "bob");
  const auto idle = place.as("alice");
  EXPECT_EQ(idle->get("/api/v1/chats/").status, 200);
  answer finished;
  std::thread sender([&] { finished = place.as("alice")->send(chat, "stall"); });
  auto sql = place.sql();
  wait_until("the commit",
             [&] { return sql.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1"; });
  ASSERT_TRUE(place.stack->stop("api1"));
  sender.join();
  EXPECT_EQ(finished.status, 201);
  EXPECT_NE(finished.head.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(sql.run("SELECT count(*) FROM message"), "1");
  EXPECT_THROW(place.as("alice")->get("/api/v1/chats/"), std::runtime_error) << "somebody still listens";
  EXPECT_THROW(idle->get("/api/v1/chats/"), std::runtime_error) << "an idle connection was left open";
}

TEST(ApiFailures, AnUnknownSchemaIsAStartError) {
  const environment place(1);
  place.sql().run("COMMENT ON TABLE message IS 'rollcall schema 999'");
  ASSERT_TRUE(place.stack->stop("api1"));
  const auto started = place.stack->start("api1");
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().what.find("rollcall schema 999"), std::string::npos) << started.error().what;
}

}  // namespace
}  // namespace api_test

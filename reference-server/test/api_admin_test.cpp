// The admin port of the api process: what it answers, and that /metrics counts what happened.
#include "reference-server/test/api_fixture_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <sstream>

namespace api_test {
namespace {

// The value of a sample, its labels included in the name; -1 when it is not there.
double sample(const std::string& metrics, const std::string& name) {
  const auto line = metrics.find("\n" + name + " ");
  return line == std::string::npos ? -1 : std::stod(metrics.substr(line + name.size() + 2));
}

std::string metrics_of(client& admin) {
  return admin.get("/metrics").body;
}

TEST(ApiAdmin, HealthReadinessAndNothingElse) {
  const environment place(1);
  client admin(place.stack->admin_urls().at("api1"), "");
  EXPECT_EQ(admin.get("/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(admin.get("/readyz").body, R"({"postgres":"up","redis":"up"})");
  EXPECT_EQ(admin.get("/api/v1/chats/").status, 404);
  EXPECT_EQ(admin.ask("POST", "/metrics", "", "").status, 405);
  EXPECT_EQ(client(place.stack->base_urls()[0], "").get("/metrics").status, 404) << "on the public port";
}

TEST(ApiAdmin, MetricsCountWhatHappened) {
  const environment place(1);
  place.install_triggers();
  client admin(place.stack->admin_urls().at("api1"), "");
  const auto alice = place.as("alice");
  EXPECT_EQ(sample(metrics_of(admin), "rollcall_api_messages_stored_total"), 0);
  const std::int64_t chat = place.create_chat("alice", "bob");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(alice->send(chat, "slow").status, 201);
  }
  EXPECT_EQ(alice->send(chat + 1, "nobody there").status, 404);
  EXPECT_EQ(alice->get("/nowhere").status, 404);
  EXPECT_EQ(alice->history(chat, 0).size(), 3U);
  const std::string shown = metrics_of(admin);
  for (const auto& [name, value] : std::vector<std::pair<std::string, double>>{
           {R"(rollcall_api_requests_total{action="create_chat",status="201"})", 1},
           {R"(rollcall_api_requests_total{action="send_message",status="201"})", 3},
           {R"(rollcall_api_requests_total{action="send_message",status="404"})", 1},
           {R"(rollcall_api_requests_total{action="history",status="200"})", 1},
           {R"(rollcall_api_requests_total{action="none",status="404"})", 1},
           {R"(rollcall_api_request_seconds_count{action="send_message"})", 4},
           {"rollcall_api_messages_stored_total", 3},
           {"rollcall_api_batches_total", 4},
           {"rollcall_api_commits_total", 4},
           {"rollcall_api_batch_rows_sum", 4},
           {"rollcall_api_commit_seconds_count", 4},
           {"rollcall_api_publish_seconds_count", 3},
           {"rollcall_api_publishes_answered_total", 3},
           {"rollcall_api_publishes_dropped_total", 0},
           {"rollcall_api_connections", 1},
           {"rollcall_api_posts_waiting", 0},
           {"rollcall_api_redis_up", 1},
           {"rollcall_api_postgres_up", 1},
       }) {
    EXPECT_EQ(sample(shown, name), value) << name << "\n" << shown;
  }
  // Three commits of 50 ms at the least.
  EXPECT_GE(sample(shown, R"(rollcall_api_request_seconds_sum{action="send_message"})"), 0.15);
  EXPECT_GE(sample(shown, "rollcall_api_commit_seconds_sum"), 0.15);
}

// Each line is one of the three forms of the text format, each family is told once, and nothing carries a user's name.
TEST(ApiAdmin, MetricsAreWellFormed) {
  const environment place(1);
  place.as("needle")->get("/api/v1/chats/");
  client admin(place.stack->admin_urls().at("api1"), "");
  const answer got = admin.get("/metrics");
  EXPECT_NE(got.head.find("Content-Type: text/plain; version=0.0.4"), std::string::npos);
  EXPECT_EQ(got.body.find("needle"), std::string::npos);
  const std::regex form(
      R"(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+)");
  std::vector<std::string> types;
  std::istringstream lines(got.body);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(std::regex_match(line, form)) << line;
    if (line.starts_with("# TYPE ")) {
      types.push_back(line);
    }
  }
  std::sort(types.begin(), types.end());
  EXPECT_EQ(std::adjacent_find(types.begin(), types.end()), types.end());
  EXPECT_GT(types.size(), 15U);
}

}  // namespace
}  // namespace api_test

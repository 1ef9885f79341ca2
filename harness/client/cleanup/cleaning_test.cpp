// Removing what a run made: as whom, how fast, and what a refusal leaves. The server has a loop and a thread of its
// own.
#include "harness/client/cleanup/cleaning.hpp"

#include "harness/client/target/load.hpp"
#include "harness/client/test/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace client::cleanup {
namespace {

using namespace std::chrono_literals;
using test::ok;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string log_in = R"(users: { pattern: { columns: { name: "u${n}" } } }
login:
  steps: [ { request: POST /in, json: { who: "${name}" }, capture: { token: /token } } ]
  headers: { Authorization: "Bearer ${token}" }
)";
const std::string remove_chat = "cleanup: [ { request: \"DELETE /chats/${chat.id}\", expect: 204 } ]\n";

class Cleaning : public testing::Test {
 protected:
  struct asked {
    std::string what;  // "DELETE /chats/1"
    std::string as;    // the token: that of its user
    time_point at{};
  };

  Cleaning() : thread_([this] { io_.run(); }) {}
  ~Cleaning() override {
    io_.stop();
    thread_.join();
  }

  outcome clean(const std::string& more, const std::vector<created_thing>& things, options how = {}) {
    const std::string text =
        "schema: 1\nname: c\nbase_url: " + at_.text() + "\nsocket: { url: ws://127.0.0.1:1/ws }\n" + log_in + more;
    const auto target =
        parse_target(text, "t.yaml", {}, [](const std::string&) { return std::optional<std::string>(); });
    if (!target) throw std::runtime_error(to_string(target.error()));
    how.limit = std::min(how.limit, clock::now() + 30s);
    return cleanup::clean(*target, things, how);
  }

  // User N logs in as uN with the token tuN.
  static maker user(std::uint64_t n) {
    return {.name = "rc-x-" + std::to_string(n), .row = n - 1, .id = "u" + std::to_string(n)};
  }
  static created_thing chat(const std::string& id, const maker& by, const maker& peer) {
    return {.is = created_thing::kind::chat, .id = {id, false}, .by = by, .peer = peer, .captured = {}, .at = {}};
  }

  std::vector<asked> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  std::vector<std::string> seen_words() const {
    std::vector<std::string> out;
    for (const auto& each : seen()) out.push_back(each.what + (each.as.empty() ? "" : " as " + each.as));
    return out;
  }
  static std::vector<std::string> ids(const std::vector<created_thing>& of) {
    std::vector<std::string> out;
    for (const auto& each : of) out.push_back(each.id.text);
    return out;
  }

  // Set before anything is asked.
  std::map<std::string, std::string> answers_;  // to "DELETE /chats/1"; all else is answered by 204
  std::chrono::milliseconds slow_login_{0};

 private:
  std::string answer(const std::string& request) {
    asked now{.what = request.substr(0, request.find(" HTTP/1.1")), .as = {}, .at = clock::now()};
    if (const auto token = request.find("Bearer "); token != std::string::npos) {
      now.as = request.substr(token + 7, request.find("\r\n", token) - token - 7);
    }
    const std::lock_guard lock(mutex_);
    seen_.push_back(now);
    if (now.what == "POST /in") {
      std::this_thread::sleep_for(slow_login_);
      const auto name = request.substr(request.rfind(":\"") + 2);
      return ok("{\"token\":\"t" + name.substr(0, name.find('"')) + "\"}");
    }
    const auto found = answers_.find(now.what);
    return found == answers_.end() ? "HTTP/1.1 204 No Content\r\n\r\n" : found->second;
  }

  asio::io_context io_{1};
  mutable std::mutex mutex_;
  std::vector<asked> seen_;
  test::server server_{io_, test::answering([this](const std::string& request) { return answer(request); })};
  const url at_ = server_.url();
  std::thread thread_;
};

TEST_F(Cleaning, AChatGoesAsTheUserWhoMadeIt) {
  const auto done = clean(remove_chat, {chat("1", user(2), user(1)), chat("2", user(1), user(2))});
  EXPECT_THAT(ids(done.removed), testing::UnorderedElementsAre("1", "2"));
  EXPECT_THAT(done.left, IsEmpty());
  EXPECT_THAT(seen_words(), testing::UnorderedElementsAre("POST /in", "POST /in", "DELETE /chats/1 as tu2",
                                                          "DELETE /chats/2 as tu1"));
}

TEST_F(Cleaning, AStepAsThePeerIsDoneByThePeer) {
  const std::string steps = R"(cleanup:
  - { request: "POST /chats/${chat.id}/leave/${self.name}", as: peer }
  - request: DELETE /chats/${chat.id}/${peer.name}
)";
  const auto done = clean(steps, {chat("7", user(1), user(2))});
  EXPECT_THAT(ids(done.removed), ElementsAre("7"));
  EXPECT_THAT(seen_words(),
              ElementsAre("POST /in", "POST /in", "POST /chats/7/leave/u2 as tu2", "DELETE /chats/7/u2 as tu1"));
}

TEST_F(Cleaning, WhatThePeerIsRefusedLeavesTheChat) {
  answers_["POST /chats/7/leave"] = ok("{}", "403 Forbidden");
  const std::string steps =
      "cleanup: [ { request: \"POST /chats/${chat.id}/leave\", as: peer }, { request: \"DELETE /chats/${chat.id}\" } "
      "]\n";
  const auto done = clean(steps, {chat("7", user(1), user(2)), chat("8", user(1), user(2))});
  EXPECT_THAT(ids(done.removed), ElementsAre("8"));
  EXPECT_THAT(ids(done.left), ElementsAre("7"));
  EXPECT_THAT(done.why, HasSubstr("POST /chats/7/leave was answered 403"));
  for (const auto& each : seen()) EXPECT_NE(each.what, "DELETE /chats/7");
}

// As everything else that the file does not expect: it is not tried again, it is left, and the next one has its turn.
TEST_F(Cleaning, TooManyRequestsLeavesTheThing) {
  answers_["DELETE /chats/2"] = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
  const auto done =
      clean(remove_chat, {chat("1", user(1), user(2)), chat("2", user(1), user(2)), chat("3", user(1), user(2))});
  EXPECT_THAT(ids(done.removed), testing::UnorderedElementsAre("1", "3"));
  EXPECT_THAT(ids(done.left), ElementsAre("2"));
  EXPECT_FALSE(done.unreachable);
  EXPECT_THAT(done.why, HasSubstr("DELETE /chats/2 was answered 429"));
  const auto words = seen_words();
  EXPECT_EQ(std::count(words.begin(), words.end(), "DELETE /chats/2 as tu1"), 1);
}

// The slots count from the log-in, however long that took: the chats that waited for it do not go all at once.
TEST_F(Cleaning, KeepsToTheRateOfTheFile) {
  slow_login_ = 300ms;
  std::vector<created_thing> things;
  for (int i = 1; i <= 6; ++i) things.push_back(chat(std::to_string(i), user(1), user(2)));
  const auto done = clean("allow: { hosts: [127.0.0.1], until: 2099-12-31, max_rate: 20/s }\n" + remove_chat, things);
  EXPECT_EQ(done.removed.size(), 6U);
  const auto all = seen();
  ASSERT_EQ(all.size(), 7U);
  EXPECT_GE(clock::now() - all.front().at, 300ms + 5 * 50ms);  // the first is the log-in
}

TEST_F(Cleaning, StepsOfOneThingCountEach) {
  const std::string steps =
      "cleanup: [ { request: \"DELETE /chats/${chat.id}/posts\" }, { request: \"DELETE /chats/${chat.id}\" } ]\n";
  const auto begun = clock::now();
  const auto done = clean("allow: { hosts: [127.0.0.1], until: 2099-12-31, max_rate: 20/s }\n" + steps,
                          {chat("1", user(1), user(2)), chat("2", user(1), user(2)), chat("3", user(1), user(2))});
  EXPECT_EQ(done.removed.size(), 3U);
  EXPECT_GE(clock::now() - begun, 2 * 2 * 50ms);
}

TEST_F(Cleaning, LogsInNoFasterThanTheFileAllows) {
  std::vector<created_thing> things;
  for (std::uint64_t i = 1; i <= 5; ++i) things.push_back(chat(std::to_string(i), user(i), user(i + 1)));
  const auto begun = clock::now();
  const auto done = clean("allow: { hosts: [127.0.0.1], until: 2099-12-31, max_logins: 20/s }\n" + remove_chat, things);
  EXPECT_EQ(done.removed.size(), 5U);
  EXPECT_GE(clock::now() - begun, 4 * 50ms);
}

// Nothing more is asked then.
TEST_F(Cleaning, WhatWaitsForItsSlotAtTheEndIsLeft) {
  std::vector<created_thing> things;
  for (int i = 1; i <= 20; ++i) things.push_back(chat(std::to_string(i), user(1), user(2)));
  bool first = false;
  const auto done = clean("allow: { hosts: [127.0.0.1], until: 2099-12-31, max_rate: 1/m }\n" + remove_chat, things,
                          {.stop = [&] { return first; }, .on_removed = [&](const created_thing&) { first = true; }});
  EXPECT_EQ(done.removed.size(), 1U);
  EXPECT_EQ(done.left.size(), 19U);
  EXPECT_EQ(seen().size(), 2U);
}

}  // namespace
}  // namespace client::cleanup

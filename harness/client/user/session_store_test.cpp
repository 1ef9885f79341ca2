// Sessions that outlive the users who made them: used until they expire, made anew when they are refused, and in a file
// that nobody else may read.
#include "harness/client/user/session_store.hpp"

#include "harness/client/test/described_fixture.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace client {
namespace {

using namespace std::chrono_literals;
using test::ok;
using test::with;

class KeptSessionsTest : public test::DescribedTest {
 protected:
  void SetUp() override {
    DescribedTest::SetUp();
    std::filesystem::remove(path_);
    answers_["POST /in"] = [this](const std::string&) {
      ++logins_;
      return with("Set-Cookie: sid=C" + std::to_string(logins_) + "\r\n",
                  "{\"t\":\"T" + std::to_string(logins_) + "\",\"id\":1234567890123}");
    };
    answers_["GET /api/v1/chats/"] = [this](const std::string& request) {
      const bool good = request.find("Authorization: " + accepted_) != std::string::npos;
      return good ? with("Set-Cookie: turn=" + std::to_string(++turns_) + "\r\n", R"({"results":[],"next":null})")
                  : ok("no", "401 Unauthorized");
    };
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void describe_login(const std::string& more = "") {
    describe(
        "users: { pattern: { columns: { name: \"u${n}\", password: \"pass-${n}\" } } }\nlogin:\n  steps:\n    - { "
        "request: POST "
        "/in, json: { p: \"${password}\" }, capture: { token: /t, uid: /id } }\n  id: \"${uid}\"\n  headers: { "
        "Authorization: \"${token}\" }\n  refresh_on: [401]\n  lifetime: 30m\n  sessions: " +
        path_ + "\n" + more);
  }

  // A process of its own: one user, who asks for something once.
  bool run_once(std::uint64_t row = 0) {
    user alice(io_, target_, "a", {.row = row, .sessions = session_store::of(*target_)});
    return run<reply<page<chat>>>([&](auto done) { alice.list_chats(done); }).ok();
  }

  std::string text() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string path_ = ::testing::TempDir() + "/rollcall-kept-sessions";
  std::string accepted_ = "T";
  int logins_ = 0;
  int turns_ = 0;
};

TEST_F(KeptSessionsTest, TheNextRunMakesNoLogin) {
  describe_login();
  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 1);
  struct stat is {};
  ASSERT_EQ(::stat(path_.c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 0777U, 0600U);
  EXPECT_EQ(text().find("pass-1"), std::string::npos);

  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 1);
  EXPECT_TRUE(last_has("Authorization: T1\r\n"));
  EXPECT_TRUE(last_has("Cookie: sid=C1; turn=1\r\n")) << last();  // as the last answer left them
  user again(io_, target_, "a", {.row = 0, .sessions = session_store::of(*target_)});
  EXPECT_EQ(again.id(), "1234567890123");

  EXPECT_TRUE(run_once(1));  // another user
  EXPECT_EQ(logins_, 2);
  EXPECT_TRUE(run_once(0));
  EXPECT_EQ(logins_, 2);
}

TEST_F(KeptSessionsTest, WhatIsRefusedIsMadeAnewAndKept) {
  describe_login();
  EXPECT_TRUE(run_once());
  accepted_ = "T2";
  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 2);
  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 2);
  // A log-in that fails leaves nothing behind that could be tried again.
  accepted_ = "T9";
  say("POST /in", ok("no", "403 Forbidden"));
  EXPECT_FALSE(run_once());
  EXPECT_EQ(text().find("T2"), std::string::npos);
}

TEST_F(KeptSessionsTest, ExpiredOnesAreNotUsed) {
  describe_login();
  EXPECT_TRUE(run_once());
  const auto store = session_store::of(*target_);
  const std::string who = session_store::name_of(target_->users, target_->users.row(0, "a"));
  const auto now = jwt::wall_now();
  ASSERT_NE(store->find(who, now), nullptr);
  EXPECT_NE(store->find(who, now + 28min), nullptr);
  EXPECT_EQ(store->find(who, now + 29min), nullptr);  // a minute is too little to begin something with
  // In the file, too.
  std::string changed = text();
  const auto at = changed.find("\"ends\":") + 7;
  changed.replace(at, changed.find_first_not_of("0123456789", at) - at, "1000000000");
  std::ofstream(path_) << changed;
  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 2);
}

TEST_F(KeptSessionsTest, AnotherLoginOrAddressHasNone) {
  describe_login();
  EXPECT_TRUE(run_once());
  describe_login("  pace: 100/s\n");
  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 2);
}

TEST_F(KeptSessionsTest, ProcessesAddToOneFile) {
  describe_login();
  const auto one = session_store::of(*target_);
  const auto other = session_store::of(*target_);
  const auto ends = jwt::wall_now() + 10min;
  one->keep("a", {.values = {{"token", {"A", false}}}, .cookies = {{"c", "1"}}, .ends = ends});
  other->keep("b", {.values = {}, .cookies = {}, .ends = ends});
  EXPECT_TRUE(one->save());
  EXPECT_TRUE(other->save());
  const auto read = session_store::of(*target_);
  const kept_session* a = read->find("a", jwt::wall_now());
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->values.at(0).second.text, "A");
  EXPECT_EQ(a->cookies.at(0).second, "1");
  EXPECT_NE(read->find("b", jwt::wall_now()), nullptr);
}

TEST_F(KeptSessionsTest, ABrokenFileIsNone) {
  describe_login();
  std::ofstream(path_) << "{\"schema\":1,";
  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 1);
  EXPECT_TRUE(run_once());
  EXPECT_EQ(logins_, 1);
  // Never through a link to somewhere else.
  std::filesystem::remove(path_);
  std::filesystem::create_symlink(::testing::TempDir() + "/rollcall-kept-elsewhere", path_);
  EXPECT_FALSE([&] {
    const auto store = session_store::of(*target_);
    store->keep("a", {.values = {}, .cookies = {}, .ends = jwt::wall_now() + 10min});
    return store->save().has_value();
  }());
  EXPECT_FALSE(std::filesystem::exists(::testing::TempDir() + "/rollcall-kept-elsewhere"));
}

}  // namespace
}  // namespace client

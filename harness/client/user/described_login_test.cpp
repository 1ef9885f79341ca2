// Log-ins of targets that are not shaped like the reference: several requests, cookies, sessions that end.
#include "harness/client/test/described_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client {
namespace {

using namespace std::chrono_literals;
using test::DescribedTest;
using test::ok;
using test::with;

const std::string form_login = R"y(users: { pattern: { count: 9, columns: { name: "user${n}", password: "p&${n}" } } }
login:
  steps:
    - request: GET /login
      capture: { form: { regex: 'name="csrf" value="([^"]+)"' } }
    - request: POST /login
      form: { user: "${name}", password: "${password}", csrf: "${form}" }
      expect: 302
      capture: { csrf: { cookie: csrftoken }, where: { header: Location } }
  headers: { X-CSRF: "${csrf}" }
  refresh_on: [401]
)y";

TEST_F(DescribedTest, AFormLoginWithCookies) {
  describe(form_login);
  say("GET /login", with("Set-Cookie: csrftoken=old; Path=/\r\n", "<input name=\"csrf\" value=\"masked-old\">"));
  say("POST /login",
      with("Set-Cookie: sid=S1; HttpOnly\r\nSet-Cookie: csrftoken=new\r\nLocation: /home\r\n", "", "302 Found"));
  say("GET /api/v1/chats/", ok(R"({"results":[],"next":null})"));
  auto alice = make("a", 2);
  EXPECT_EQ(alice.id(), "user3");
  const auto list = run<reply<page<chat>>>([&](auto done) { alice.list_chats(done); });
  ASSERT_TRUE(list.ok()) << list.summary();
  ASSERT_EQ(requests_.size(), 3U);  // the redirect was not followed
  EXPECT_TRUE(last_has("Cookie: csrftoken=old\r\n", 2));
  EXPECT_TRUE(last(2).ends_with("\r\n\r\nuser=user3&password=p%263&csrf=masked-old"));
  EXPECT_TRUE(last_has("Content-Type: application/x-www-form-urlencoded\r\n", 2));
  EXPECT_TRUE(last_has("X-CSRF: new\r\n"));
  EXPECT_TRUE(last_has("Cookie: sid=S1; csrftoken=new\r\n"));

  run<reply<page<chat>>>([&](auto done) { alice.list_chats(done, {.credential = no_credential{}}); });
  EXPECT_FALSE(last_has("Cookie"));
  EXPECT_FALSE(last_has("X-CSRF"));
  const std::string bad = alice.bad_token(jwt::flaw::garbage);
  run<reply<page<chat>>>([&](auto done) { alice.list_chats(done, {.credential = other_token{bad}}); });
  EXPECT_TRUE(last_has("Cookie: sid=this-is-not-a-token; csrftoken=this-is-not-a-token\r\n"));
  EXPECT_TRUE(last_has("X-CSRF: this-is-not-a-token\r\n"));

  // A false session is often answered with "forget that cookie": not ours.
  say("GET /api/v1/chats/", with("Set-Cookie: sid=\"\"; Max-Age=0\r\n", "", "403 Forbidden"));
  run<reply<page<chat>>>([&](auto done) { alice.list_chats(done, {.credential = other_token{bad}}); });
  run<reply<page<chat>>>([&](auto done) { alice.list_chats(done); });
  EXPECT_TRUE(last_has("Cookie: sid=S1; csrftoken=new\r\n"));
}

TEST_F(DescribedTest, ASessionThatEndedIsMadeAnewOnce) {
  describe(form_login);
  int logins = 0;
  say("GET /login", ok("name=\"csrf\" value=\"f\""));
  answers_["POST /login"] = [&](const std::string&) {
    return with("Set-Cookie: csrftoken=c\r\nSet-Cookie: sid=S" + std::to_string(++logins) + "\r\nLocation: /\r\n", "",
                "302 Found");
  };
  answers_["GET /api/v1/chats/"] = [&](const std::string& request) {
    return request.find("sid=S2") == std::string::npos ? ok("gone", "401 Unauthorized")
                                                       : ok(R"({"results":[],"next":null})");
  };
  auto alice = make("a", 0);
  int good = 0;
  for (int i = 0; i < 5; ++i) alice.list_chats([&](const auto& reply) { good += reply.ok() ? 1 : 0; });
  ASSERT_TRUE(pump(
      io_, [&] { return good == 5; }, clock::now() + 20s));
  EXPECT_EQ(logins, 2);
}

TEST_F(DescribedTest, ALoginThatFailsSaysWhere) {
  describe(form_login);
  say("GET /login", ok("no form here"));
  auto alice = make("a", 0);
  const auto problem = run<std::string>([&](auto done) { alice.log_in(done); });
  EXPECT_EQ(problem,
            "login.steps (t.yaml:9): GET /login was answered 200, but nothing matches name=\"csrf\" value=\"([^\"]+)\" "
            "for form");
  say("GET /login", ok("name=\"csrf\" value=\"f\""));
  say("POST /login", ok("wrong password"));
  const auto list = run<reply<page<chat>>>([&](auto done) { alice.list_chats(done); });
  EXPECT_EQ(list.summary(), "cancelled: login.steps (t.yaml:11): POST /login was answered 200, expected 302");
}

TEST_F(DescribedTest, UsersSignUpFirstAndLoginsArePaced) {
  describe(
      "users: { pattern: { columns: { name: \"n${n}\" } }, register: [ { request: POST /up, json: { n: \"${name}\" }, "
      "expect: [201, 409] } ] }\nlogin: { steps: [ { request: POST /in, capture: { token: /t } } ], headers: { A: "
      "\"${token}\" }, pace: 20/s }\n");
  say("POST /up", ok("", "409 Conflict"));
  say("POST /in", ok("{\"t\":\"x\"}"));
  const auto pace = std::make_shared<login_pace>(*target_->login.pace);
  std::vector<user> users;
  for (std::uint64_t i = 0; i < 5; ++i) users.emplace_back(io_, target_, "u", user_options{.row = i, .pace = pace});
  int in = 0;
  const auto began = clock::now();
  for (auto& each : users) each.log_in([&](const std::string& problem) { in += problem.empty() ? 1 : 0; });
  ASSERT_TRUE(pump(
      io_, [&] { return in == 5; }, clock::now() + 20s));
  EXPECT_GE(clock::now() - began, 200ms);  // the fifth begins after four twentieths
  EXPECT_EQ(requests_.size(), 10U);
}

}  // namespace
}  // namespace client

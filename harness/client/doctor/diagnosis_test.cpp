#include "harness/client/doctor/diagnosis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace client::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

http::exchange answer(int status, std::string body, std::vector<http::header> headers = {}) {
  http::exchange came;
  came.status = status;
  came.body = std::move(body);
  came.headers = std::move(headers);
  return came;
}

http::exchange broken(http::failure how) {
  http::exchange came;
  came.failure = how;
  came.detail = "why";
  return came;
}

struct story {
  const char* name;
  http::exchange came;
  expectation expected;
  culprit who;
  const char* what;
  const char* mend;
};

std::ostream& operator<<(std::ostream& out, const story& each) {
  return out << each.name;
}

class stories : public testing::TestWithParam<story> {};

TEST_P(stories, names_the_culprit_and_a_mend) {
  const auto& [name, came, expected, who, what, mend] = GetParam();
  const auto found = diagnose(came, expected);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->who, who) << found->what;
  EXPECT_THAT(found->what, HasSubstr(what));
  EXPECT_THAT(found->mend, HasSubstr(mend));
}

const std::vector<http::header> page{{"Content-Type", "text/html"}};

INSTANTIATE_TEST_SUITE_P(
    all, stories,
    testing::Values(
        story{"unknown_host", broken(http::failure::resolve), {}, culprit::file, "no address", "host name"},
        story{"down", broken(http::failure::connect), {}, culprit::server, "nobody answers", "start the backend"},
        story{"hung", broken(http::failure::timeout), {}, culprit::server, "no whole answer in time", "patience"},
        story{"cut", broken(http::failure::truncated), {}, culprit::server, "inside the answer", "log"},
        story{"no_http", broken(http::failure::garbage), {}, culprit::server, "does not speak HTTP", "port"},
        story{"bad_body", answer(422, R"({"text":["required"]})"), {}, culprit::file, "required", "body"},
        story{"not_logged_in", answer(401, "{}"), {}, culprit::file, "401", "login"},
        story{"wrong_path", answer(404, "{}"), {}, culprit::file, "404", "path"},
        story{"wrong_method", answer(405, "", {{"Allow", "PUT"}}), {}, culprit::file, "PUT", "method"},
        story{
            "firewall", answer(403, "<html>Request blocked</html>", page), {}, culprit::server, "firewall", "machine"},
        story{"csrf", answer(403, "<html>CSRF verification failed</html>", page), {}, culprit::file, "CSRF", "capture"},
        story{"forbidden", answer(403, R"({"detail":"no"})"), {}, culprit::file, "403", "users"},
        story{"rate", answer(429, "", {{"Retry-After", "7"}}), {}, culprit::server, "Retry-After 7", "wait"},
        story{"proxy", answer(502, "", {{"Server", "nginx"}}), {}, culprit::server, "nginx", "proxy"},
        story{"bug", answer(500, "trace"), {}, culprit::server, "500", "log"},
        story{"log_in_page",
              answer(200, "<html><input type=password></html>", page),
              {},
              culprit::file,
              "log-in page",
              "login"},
        story{"other_page", answer(200, "<html>Hello</html>", page), {}, culprit::file, "web page", "path"},
        story{"to_log_in",
              answer(302, "", {{"Location", "/accounts/login/?next=/api"}}),
              {},
              culprit::file,
              "log-in page",
              "login"},
        story{"to_slash", answer(301, "", {{"Location", "/api/chats/"}}), {}, culprit::file, "/api/chats/", "slash"},
        story{"other_status", answer(200, "{}"), {.statuses = {201}}, culprit::file, "expects 201", "expect 200"},
        story{"no_json", answer(200, "OK"), {}, culprit::server, "not JSON", "log"}),
    [](const auto& each) { return each.param.name; });

TEST(diagnosis, of_what_was_expected_is_nothing) {
  EXPECT_FALSE(diagnose(answer(201, "{}"), {}));
  EXPECT_FALSE(diagnose(answer(302, "", page), {.statuses = {200, 302}, .json = false}));
  EXPECT_FALSE(diagnose(answer(204, ""), {.json = false}));
}

websocket::end refused(int status) {
  websocket::end came;
  came.kind = websocket::end_kind::refused;
  came.status = status;
  return came;
}

TEST(diagnosis, of_sockets) {
  EXPECT_EQ(diagnose(refused(401)).who, culprit::file);
  EXPECT_EQ(diagnose(refused(404)).who, culprit::file);
  EXPECT_EQ(diagnose(refused(502)).who, culprit::server);
  EXPECT_THAT(diagnose(refused(426)).what, HasSubstr("without Upgrade"));
  websocket::end closed;
  closed.kind = websocket::end_kind::closed_by_peer;
  closed.code = 4401;
  EXPECT_THAT(diagnose(closed).what, HasSubstr("4401"));
}

TEST(diagnosis, of_a_pointer_says_where_the_value_is) {
  const auto found = diagnose_pointer(R"({"data":{"access_token":"x"},"expires":60})", "/token", "");
  EXPECT_EQ(found.who, culprit::file);
  EXPECT_THAT(found.what, HasSubstr("/token"));
  EXPECT_EQ(found.mend, "the answer has /data/access_token");
}

TEST(likely_pointers, prefer_the_same_name_and_walk_lists_by_their_first_item) {
  EXPECT_THAT(likely_pointers(R"({"message_id":1,"results":[{"ID":2},{"ID":3}]})", "/message/id"),
              ElementsAre("/results/0/ID", "/message_id"));
  EXPECT_THAT(likely_pointers(R"({"a/b":{"id":1}})", "/id"), ElementsAre("/a~1b/id"));
  EXPECT_THAT(likely_pointers("<html>", "/id"), IsEmpty());
  EXPECT_THAT(likely_pointers(R"({"id":null})", "/id"), IsEmpty());
}

TEST(pointers_to, find_a_text_wherever_it_stands) {
  EXPECT_THAT(pointers_to(R"(["chat",{"body":"<p>hello 1</p>"}])", "hello 1"), ElementsAre("/1/body"));
}

}  // namespace
}  // namespace client::doctor

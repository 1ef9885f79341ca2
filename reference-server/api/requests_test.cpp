// What clients may ask for: paths, pages, bodies.
#include "reference-server/api/page.hpp"
#include "reference-server/api/request_body.hpp"
#include "reference-server/api/routes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace api {
namespace {

TEST(Routes, MatchWithAndWithoutTheTrailingSlash) {
  for (const std::string slash : {"", "/"}) {
    EXPECT_EQ(match(http::method::get, "/api/v1/chats" + slash).hit->what, action::list_chats);
    EXPECT_EQ(match(http::method::head, "/api/v1/chats" + slash).hit->what, action::list_chats);
    EXPECT_EQ(match(http::method::post, "/api/v1/chats" + slash).hit->what, action::create_chat);
    const matched one = match(http::method::get, "/api/v1/chats/7/messages/9007199254740991" + slash);
    EXPECT_EQ(one.hit->what, action::one_message);
    EXPECT_EQ(one.chat, 7);
    EXPECT_EQ(one.message, 9007199254740991);
  }
}

TEST(Routes, UnknownPathsAndMethods) {
  for (const std::string path :
       {"/", "", "/api/v1", "/api/v1/chats//", "/api/v1/chats/x", "/api/v1/chats/0", "/api/v1/chats/01",
        "/api/v1/chats/-1", "/api/v1/chats/9007199254740992", "/api/v1/chats/1/messages/2/3", "/api/v1/chats/1/other",
        "/api/v1//chats", "/api/v1/chats/99999999999999999999", "/API/v1/chats"}) {
    const matched found = match(http::method::get, path);
    EXPECT_EQ(found.hit, nullptr) << path;
    EXPECT_EQ(found.allowed, "") << path;
  }
  EXPECT_EQ(match(http::method::del, "/api/v1/chats/").allowed, "POST, GET, HEAD, OPTIONS");
  EXPECT_EQ(match(http::method::post, "/api/v1/chats/1").allowed, "GET, HEAD, OPTIONS");
}

TEST(Page, Defaults) {
  const auto asked = parse_page("", true);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->limit, 50);
  EXPECT_FALSE(asked->after);
  EXPECT_FALSE(asked->before);
}

TEST(Page, ReadsParameters) {
  const auto asked = parse_page("x=y&limit=%32%30&after=0", true);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->limit, 20);
  EXPECT_EQ(asked->after, 0);
  EXPECT_EQ(parse_page("before=9223372036854775807", true)->before, 9223372036854775807);
  EXPECT_TRUE(parse_page("limit=1", true));
  EXPECT_TRUE(parse_page("limit=200", true));
  EXPECT_FALSE(parse_page("before=5", false)->before);
}

TEST(Page, Refuses) {
  for (std::string_view query : {"limit=0", "limit=201", "limit=", "limit", "limit=x", "limit=-1", "limit=1.0",
                                 "limit=1&limit=1", "after=", "after=-1", "after=+1", "after=9223372036854775808",
                                 "after=1&before=2", "limit=%3", "limit=%zz", "after=1&after=1"}) {
    EXPECT_FALSE(parse_page(query, true)) << query;
  }
}

unsigned message_status(std::string_view json) {
  const auto parsed = parse_message_body(json);
  return parsed ? 200 : parsed.error().status;
}
std::string with_body(std::string_view text) {
  return "{\"body\":\"" + std::string(text) + "\"}";
}
std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

TEST(MessageBody, IsKeptAsItIs) {
  EXPECT_EQ(*parse_message_body(R"({"body":" \u00e9\ud83d\ude00\u2028\"<b> ", "id": 7})"), " é😀\u2028\"<b> ");
  EXPECT_EQ(*parse_message_body(R"({"body":"first","body":"last"})"), "last");
}

TEST(MessageBody, Lengths) {
  EXPECT_EQ(message_status(with_body("")), 422U);
  EXPECT_EQ(message_status(with_body(std::string(4096, 'x'))), 200U);
  EXPECT_EQ(message_status(with_body(std::string(4097, 'x'))), 422U);
  EXPECT_EQ(message_status(with_body(repeated("😀", 4096))), 200U);
  EXPECT_EQ(message_status(with_body(repeated("😀", 4097))), 422U);
}

TEST(MessageBody, BlankAndNul) {
  EXPECT_EQ(message_status(with_body(R"( \t\r\n\u000b\f\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000)")),
            422U);
  EXPECT_EQ(message_status(with_body(R"(\u200b)")), 200U) << "zero width space is not White_Space";
  EXPECT_EQ(message_status(with_body(R"(a\u0000b)")), 422U);
}

TEST(MessageBody, WrongTypes) {
  for (std::string_view json : {"{}", R"({"body":null})", R"({"body":7})", R"({"body":["x"]})", R"({"Body":"x"})"}) {
    const auto parsed = parse_message_body(json);
    ASSERT_FALSE(parsed) << json;
    EXPECT_EQ(parsed.error().status, 422U);
    EXPECT_EQ(parsed.error().field, "body");
  }
}

TEST(MessageBody, NotAJsonObject) {
  const std::string deep_32 = R"({"body":"x","d":)" + std::string(31, '[') + std::string(31, ']') + "}";
  const std::string deep_33 = R"({"body":"x","d":)" + std::string(32, '[') + std::string(32, ']') + "}";
  EXPECT_EQ(message_status(deep_32), 200U);
  EXPECT_EQ(message_status(deep_33), 400U);
  for (const std::string& json :
       {std::string(), std::string("x"), std::string("[]"), std::string("\"x\""), std::string("{\"body\":\"x\""),
        std::string("{\"body\":\"x\"} x"), std::string("\xef\xbb\xbf{\"body\":\"x\"}"), with_body("\xff"),
        with_body("\xc0\x80"), with_body("\xed\xa0\x80"), with_body(R"(\ud800)"), with_body(R"(\udc00)"),
        with_body(R"(\ud800x)"), std::string("{'body':'x'}"), with_body("\n")}) {
    EXPECT_EQ(message_status(json), 400U) << json;
  }
}

TEST(UserField, HoldsAUserId) {
  EXPECT_EQ(*parse_user_field(R"({"participant":"a.B-9_"})", "participant"), "a.B-9_");
  for (std::string_view json : {R"({"participant":""})", R"({"participant":"a b"})", R"({"participant":1})", "{}"}) {
    EXPECT_EQ(parse_user_field(json, "participant").error().status, 422U) << json;
  }
}

}  // namespace
}  // namespace api

// Secrets in every form in which they go over the wire, and ordinary text that must stay readable.
#include "harness/client/doctor/mask.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace client::doctor {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* canary = "c4nary bird/7\"+ü";

TEST(masking, finds_a_secret_however_it_is_written) {
  mask known;
  known.add(canary);
  for (const std::string text :
       {"GET /a?x=c4nary%20bird%2F7%22%2B%C3%BC HTTP/1.1", "a=c4nary+bird%2F7%22%2B%C3%BC&b=1",
        "a=c4nary%20bird%2f7%22%2b%c3%bc", R"({"a":"c4nary bird/7\"+ü"})", "said c4nary bird/7\"+ü, too"}) {
    const std::string shown = known.text(text);
    EXPECT_THAT(shown, HasSubstr("***")) << text;
    EXPECT_THAT(shown, Not(HasSubstr("c4nary"))) << text;
    EXPECT_THAT(shown, Not(HasSubstr("bird"))) << text;
  }
}

TEST(masking, finds_it_in_base64_whatever_stands_around_it) {
  mask known;
  known.add("canary-canary");
  for (const char* before : {"", "a", "ab", "abc", "user:"}) {
    for (const char* after : {"", "z", "yz"}) {
      const std::string text = jwt::base64url(before + std::string("canary-canary") + after);
      EXPECT_THAT(known.text(text), HasSubstr("***")) << before << after;
    }
  }
}

struct shape {
  const char* name;
  const char* text;
  const char* shown;
};

std::ostream& operator<<(std::ostream& out, const shape& each) {
  return out << each.name;
}

class shapes : public testing::TestWithParam<shape> {};

TEST_P(shapes, are_masked_by_their_names_alone) {
  EXPECT_EQ(mask().text(GetParam().text), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    all, shapes,
    testing::Values(
        shape{"json", R"({"password":"abc","name":"bob"})", R"({"password":"***","name":"bob"})"},
        shape{"json_with_spaces", R"({"access_token" : "abc" , "n":1})", R"({"access_token" : "***" , "n":1})"},
        shape{"json_number", R"({"pin":1234,"n":1})", R"({"pin":***,"n":1})"},
        shape{"json_in_a_string", R"({"data":"{\"token\":\"abc\",\"n\":1}"})",
              R"({"data":"{\"token\":\"***\",\"n\":1}"})"},
        shape{"nested", R"({"token":{"value":"abc","secret":"x"}})", R"({"token":{"value":"abc","secret":"***"}})"},
        shape{"form", "user=bob&password=a.b&next=%2F", "user=bob&password=***&next=%2F"},
        shape{"query", "GET /ws?access_token=abc HTTP/1.1", "GET /ws?access_token=*** HTTP/1.1"},
        shape{"hidden_field", R"(<input name="csrfmiddlewaretoken" value="abc">)",
              R"(<input name="csrfmiddlewaretoken" value="***">)"},
        shape{"web_token", "is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.abc-_1 then", "is *** then"},
        shape{"no_web_token", "eyJust text.", "eyJust text."},
        shape{"a_pointer_is_none", "the answer has /data/access_token, /token",
              "the answer has /data/access_token, /token"},
        shape{"ordinary", R"({"id":7,"body":"the token is late","author":"a"})",
              R"({"id":7,"body":"the token is late","author":"a"})"}),
    [](const auto& each) { return each.param.name; });

TEST(masking, of_headers_leaves_what_tells_something) {
  mask known;
  known.add_header("X-User-Key");
  EXPECT_EQ(known.header("authorization", "Bearer abc"), "Bearer ***");
  EXPECT_EQ(known.header("Authorization", "abc"), "***");
  EXPECT_EQ(known.header("Cookie", "sid=abc; theme=dark"), "sid=***; theme=***");
  EXPECT_EQ(known.header("Set-Cookie", "sid=abc; Path=/; HttpOnly"), "sid=***; Path=/; HttpOnly");
  EXPECT_EQ(known.header("X-CSRFToken", "abc"), "***");
  EXPECT_EQ(known.header("x-user-key", "abc"), "***");
  EXPECT_EQ(known.header("Content-Type", "application/json"), "application/json");
}

TEST(masking, leaves_short_values_alone) {
  mask known;
  known.add("a1");
  EXPECT_EQ(known.text("a1 b"), "a1 b");
}

TEST(masking, cuts_only_what_is_masked_already) {
  mask known;
  known.add("canary-canary");
  EXPECT_EQ(known.beginning("0123456789canary-canary", 12), "0123456789**… (23 bytes in all)");
  const std::string much((1U << 20U) - 6, 'x');
  EXPECT_THAT(known.beginning(much + "canary-canary", much.size() + 6), Not(HasSubstr("cana")));
}

}  // namespace
}  // namespace client::doctor

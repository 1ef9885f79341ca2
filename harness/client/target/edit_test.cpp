// Values put into target files of many layouts: what their owner wrote stays byte for byte.
#include "harness/client/target/edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace client {
namespace {

using testing::HasSubstr;

struct layout {
  const char* name;
  std::string before;
  const char* key;
  const char* value;
  std::string after;
};

std::ostream& operator<<(std::ostream& out, const layout& each) {
  return out << each.name;
}

class layouts : public testing::TestWithParam<layout> {};

TEST_P(layouts, keep_everything_else) {
  const auto& [name, before, key, value, after] = GetParam();
  const auto edited = put_value(before, key, value);
  ASSERT_TRUE(edited) << edited.error().clause;
  EXPECT_EQ(*edited, after);
  // A second time changes nothing.
  const auto again = put_value(*edited, key, value);
  ASSERT_TRUE(again) << again.error().clause;
  EXPECT_EQ(*again, after);
}

INSTANTIATE_TEST_SUITE_P(
    all, layouts,
    testing::Values(
        layout{"section_absent", "schema: 1\nname: t\n", "delivery.echo", "true",
               "schema: 1\nname: t\ndelivery:\n  echo: true\n"},
        layout{"section_absent_after_a_comment", "schema: 1\n# allow: {}\n", "delivery.echo", "true",
               "schema: 1\n# allow: {}\n\ndelivery:\n  echo: true\n"},
        layout{"section_present", "delivery:\n  settle: 0ms  # at once\n\n# next\nname: t\n", "delivery.echo", "true",
               "delivery:\n  settle: 0ms  # at once\n  echo: true\n\n# next\nname: t\n"},
        layout{"section_last", "name: t\ndelivery:\n    settle: 0ms\n", "delivery.echo", "true",
               "name: t\ndelivery:\n    settle: 0ms\n    echo: true\n"},
        layout{"section_without_a_value", "delivery:  # later\nname: t\n", "delivery.echo", "true",
               "delivery:  # later\n  echo: true\nname: t\n"},
        layout{"key_present", "delivery:\n  echo: false     # by design\nname: t\n", "delivery.echo", "true",
               "delivery:\n  echo: true     # by design\nname: t\n"},
        layout{"key_in_quotes", "delivery:\n  offline: 'discard'\n", "delivery.offline", "replay",
               "delivery:\n  offline: replay\n"},
        layout{"list_in_a_line", "errors:\n  bad_input: [400, 422] # two\n", "errors.bad_input", "[400, 409]",
               "errors:\n  bad_input: [400, 409] # two\n"},
        layout{"map_in_a_line", "socket:\n  ready: { when: { event: hi } }  # first\n", "socket.ready", "open",
               "socket:\n  ready: open  # first\n"},
        layout{"windows_line_ends", "name: t\r\ndelivery:\r\n  settle: 0ms\r\n", "delivery.echo", "true",
               "name: t\r\ndelivery:\r\n  settle: 0ms\r\n  echo: true\r\n"},
        layout{"windows_replaced", "delivery:\r\n  echo: false\r\nname: t\r\n", "delivery.echo", "true",
               "delivery:\r\n  echo: true\r\nname: t\r\n"},
        layout{"no_newline_at_the_end", "name: t\ndelivery:\n  settle: 0ms", "delivery.echo", "true",
               "name: t\ndelivery:\n  settle: 0ms\n  echo: true\n"},
        layout{"no_newline_and_no_section", "name: t", "delivery.echo", "true", "name: t\ndelivery:\n  echo: true\n"},
        layout{"tabs_in_comments", "delivery:\n  settle: 0ms\t#\tat once\n  \t# a tab\nname: t\n", "delivery.echo",
               "true", "delivery:\n  settle: 0ms\t#\tat once\n  \t# a tab\n  echo: true\nname: t\n"},
        layout{"deep", "rest:\n  history:\n    pages:\n      style: page\n    id: /id\n  send:\n    id: /id\n",
               "rest.history.pages.size", "30",
               "rest:\n  history:\n    pages:\n      style: page\n      size: 30\n    id: /id\n  send:\n    id: /id\n"},
        layout{"list_at_the_end", "delivery:\n  loss_codes:\n  - 1012\n  - 1013\nname: t\n", "delivery.echo", "true",
               "delivery:\n  loss_codes:\n  - 1012\n  - 1013\n  echo: true\nname: t\n"},
        layout{"flow_map_over_lines_at_the_end", "rest:\n  send: { request: POST /a,\n          id: /id }\nname: t\n",
               "rest.create_chat.repeat", "new",
               "rest:\n  send: { request: POST /a,\n          id: /id }\n  create_chat:\n    repeat: new\nname: t\n"},
        layout{"text_block_at_the_end", "deviations:\n  A-01: |\n    # no comment\n\n    two\nname: t\n",
               "deviations.B-01", "x", "deviations:\n  A-01: |\n    # no comment\n\n    two\n  B-01: x\nname: t\n"},
        layout{"letters_beyond_ascii", "name: t # größer\ndelivery:\n  echo: false # weil\n", "delivery.echo", "true",
               "name: t # größer\ndelivery:\n  echo: true # weil\n"},
        layout{"byte_order_mark",
               "\xEF\xBB\xBF"
               "delivery:\n  echo: false\n",
               "delivery.echo", "true",
               "\xEF\xBB\xBF"
               "delivery:\n  echo: true\n"},
        layout{"whole_file_indented", "  name: t\n  delivery:\n    settle: 0ms\n", "errors.stranger", "404",
               "  name: t\n  delivery:\n    settle: 0ms\n  errors:\n    stranger: 404\n"}),
    [](const auto& each) { return each.param.name; });

struct refused {
  const char* name;
  const char* before;
  const char* key;
  const char* why;
};

std::ostream& operator<<(std::ostream& out, const refused& each) {
  return out << each.name;
}

class left_alone : public testing::TestWithParam<refused> {};

TEST_P(left_alone, and_says_why) {
  const auto edited = put_value(GetParam().before, GetParam().key, "true");
  ASSERT_FALSE(edited) << *edited;
  EXPECT_THAT(edited.error().clause, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    all, left_alone,
    testing::Values(
        refused{"flow", "delivery: { settle: 0ms }\n", "delivery.echo", "delivery stands in flow style"},
        refused{"flow_with_the_key", "delivery: { echo: false }\n", "delivery.echo", "delivery stands in flow style"},
        refused{"empty_flow", "delivery: {}\n", "delivery.echo", "delivery stands in flow style"},
        refused{"word", "login: none\n", "login.lifetime", "login is no section"},
        refused{"list_with_quotes", "errors:\n  stranger: [\"403\", 404]\n", "errors.stranger", "unusual way"},
        refused{"list_over_lines", "errors:\n  stranger:\n  - 403\n", "errors.stranger", "laid out over lines"},
        refused{"value_on_another_line", "delivery:\n  echo:\n    false\n", "delivery.echo", "unusual way"},
        refused{"anchor", "delivery:\n  echo: &e false\nx: *e\n", "delivery.echo", ""},
        refused{"alias", "a: &d\n  settle: 0ms\ndelivery: *d\n", "delivery.echo", "safely"},
        refused{"end_of_document", "name: t\n...\n", "delivery.echo", "safely"},
        refused{"no_yaml", "a: [\n", "delivery.echo", "not YAML"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace client

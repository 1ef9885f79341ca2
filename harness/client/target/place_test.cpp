#include "harness/client/target/place.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

constexpr std::string_view file =
    "schema: 1\n"
    "rest:\n"
    "  send:\n"
    "    request: POST /m\n"
    "  history: { request: GET /h, id: /id }\n";

TEST(place, of_a_key_is_its_line) {
  EXPECT_EQ(line_of(file, "schema"), 1);
  EXPECT_EQ(line_of(file, "rest.send"), 3);
  EXPECT_EQ(line_of(file, "rest.send.request"), 4);
  EXPECT_EQ(line_of(file, "rest.history.id"), 5);
}

TEST(place, of_an_absent_key_is_its_nearest_parent) {
  EXPECT_EQ(line_of(file, "rest.send.json.text"), 3);
  EXPECT_EQ(line_of(file, "rest.create_chat"), 2);
  EXPECT_EQ(line_of(file, "delivery.echo"), 0);
  EXPECT_EQ(line_of("[1, 2", "schema"), 0);
  EXPECT_EQ(line_of("", "schema"), 0);
}

}  // namespace
}  // namespace client

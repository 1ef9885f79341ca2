#include "harness/client/websocket/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client::websocket {
namespace {

using namespace std::string_literals;

const std::vector<std::string> good{
    "",
    "hello",
    "\0"s,
    "\x7F",
    "\xC2\x80",          // U+0080
    "\xDF\xBF",          // U+07FF
    "\xE0\xA0\x80",      // U+0800
    "\xED\x9F\xBF",      // U+D7FF
    "\xEE\x80\x80",      // U+E000
    "\xEF\xBF\xBF",      // U+FFFF
    "\xF0\x90\x80\x80",  // U+10000
    "\xF4\x8F\xBF\xBF",  // U+10FFFF
    "κόσμε, eight or more ASCII bytes, 💬",
};

const std::vector<std::string> bad{
    "\x80",  // a continuation alone
    "\xBF",
    "\xC0\x80",  // U+0000 in two bytes
    "\xC1\xBF",
    "\xE0\x9F\xBF",      // U+07FF in three
    "\xF0\x8F\xBF\xBF",  // U+FFFF in four
    "\xED\xA0\x80",      // a surrogate
    "\xED\xBF\xBF",
    "\xF4\x90\x80\x80",  // U+110000
    "\xF5\x80\x80\x80",
    "\xFE",
    "\xFF",
    "\xC2"
    "A",
    "\xE1\x80"
    "A",
    "\xF1\x80\x80"
    "A",
    "12345678\x80",
    "1234567812345678\xC2"
    "12345678",
};

TEST(Utf8, Good) {
  for (const std::string& text : good) EXPECT_TRUE(is_utf8(text)) << ::testing::PrintToString(text);
}

TEST(Utf8, Bad) {
  for (const std::string& text : bad) {
    utf8_validator validator;
    EXPECT_FALSE(validator.feed(text)) << ::testing::PrintToString(text);
  }
}

TEST(Utf8, AnySplitGivesTheSame) {
  for (const std::string& text : good) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      utf8_validator validator;
      EXPECT_TRUE(validator.feed(text.substr(0, cut)) && validator.feed(text.substr(cut)) && validator.complete());
    }
  }
  for (const std::string& text : bad) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      utf8_validator validator;
      EXPECT_FALSE(validator.feed(text.substr(0, cut)) && validator.feed(text.substr(cut)));
    }
  }
}

TEST(Utf8, FailsAtTheFirstByteThatCannotBeRight) {
  for (const auto& [text, at] : std::vector<std::pair<std::string, std::size_t>>{
           {"ab\xC0", 2}, {"\xED\xA0", 1}, {"\xF4\x90", 1}, {"\xE0\x80", 1}, {"\xF0\x80", 1}, {"\xC2\xC2", 1}}) {
    utf8_validator validator;
    for (std::size_t i = 0; i < at; ++i) EXPECT_TRUE(validator.feed(text.substr(i, 1)));
    EXPECT_FALSE(validator.feed(text.substr(at, 1)));
  }
}

TEST(Utf8, CutInsideACharacterIsNotComplete) {
  for (const char* text : {"\xC2", "\xE1", "\xE1\x80", "\xF1", "\xF1\x80", "\xF1\x80\x80"}) {
    utf8_validator validator;
    EXPECT_TRUE(validator.feed(text));
    EXPECT_FALSE(validator.complete());
    EXPECT_FALSE(is_utf8(text));
  }
}

}  // namespace
}  // namespace client::websocket

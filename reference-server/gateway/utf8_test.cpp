#include "reference-server/gateway/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gateway {
namespace {

// The verdict in one piece, and the same for every cut in two.
bool is_utf8(const std::string& text) {
  utf8_check whole;
  const bool verdict = whole.feed(text) && whole.complete();
  for (std::size_t i = 0; i <= text.size(); ++i) {
    utf8_check cut;
    EXPECT_EQ(verdict, cut.feed(text.substr(0, i)) && cut.feed(text.substr(i)) && cut.complete());
  }
  return verdict;
}

TEST(Utf8, TakesTheFirstAndLastOfEachLength) {
  for (const char* text :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xce\xba\xe1\xbd\xb9 \xf0\x9f\x92\xac"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  EXPECT_TRUE(is_utf8(std::string(1, '\0')));
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsTooHigh) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Utf8, RefusesWhatEndsEarlyOrGoesOnWrongly) {
  for (const char* text : {"\xc2", "\xe1\x80", "\xf1\x80\x80",
                           "\xc2"
                           "a",
                           "\xe1\x80"
                           "a",
                           "\xf1\x80\x80"
                           "a",
                           "\xc2\xc2\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Utf8, FailsAtTheFirstByteThatCannotBeRight) {
  utf8_check check;
  EXPECT_TRUE(check.feed("\xf4"));
  EXPECT_FALSE(check.feed("\x90"));
}

}  // namespace
}  // namespace gateway

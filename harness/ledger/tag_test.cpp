#include "harness/ledger/tag.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace ledger {
namespace {

const tag example{"k3f9z2", 17, 4, 1234567, std::chrono::milliseconds(98765)};

TEST(Tag, RoundTrips) {
  for (const std::string_view rest :
       {"", "hello", " leading", "trailing ", "  ", "q\"<b>&\\ \xf0\x9f\x98\x80\n", "-x"}) {
    const auto found = read_tag(write_tag(example, rest));
    ASSERT_TRUE(found) << rest;
    EXPECT_TRUE(found->intact) << rest;
    EXPECT_EQ(found->tag, example) << rest;
  }
}

TEST(Tag, StandsAtTheStartWithASpaceBeforeTheRest) {
  const auto alone = write_tag(example, "");
  EXPECT_EQ(alone.find(' '), std::string::npos);
  const auto with_rest = write_tag(example, "a b");
  EXPECT_TRUE(with_rest.starts_with("rc-k3f9z2-h-4-"));
  EXPECT_TRUE(with_rest.ends_with(" a b"));
}

TEST(Tag, NeverLongerThan64CharactersOfItsAlphabet) {
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  const tag largest{"zzzzzzzz", most, most, most, std::chrono::nanoseconds::max()};
  for (const auto& one : {largest, example, tag{"a", 0, 0, 0, {}}}) {
    const auto body = write_tag(one, "");
    EXPECT_LE(body.size(), longest_tag);
    EXPECT_EQ(body.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
    ASSERT_TRUE(read_tag(body));
    EXPECT_TRUE(read_tag(body)->intact);
    EXPECT_EQ(read_tag(body)->tag, one);
  }
}

TEST(Tag, AnyChangeBehindTheSequenceIsFound) {
  const auto body = write_tag(example, "the rest of it ");
  const auto readable_from = body.find("-", body.find("-", body.find("-", body.find("-", 3) + 1) + 1) + 1) + 1;
  for (auto i = readable_from; i < body.size(); ++i) {
    auto changed = body;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    ASSERT_TRUE(read_tag(changed)) << changed;
    EXPECT_FALSE(read_tag(changed)->intact) << changed;
    ASSERT_TRUE(read_tag(body.substr(0, i))) << i;
    EXPECT_FALSE(read_tag(body.substr(0, i))->intact) << i;
  }
}

TEST(Tag, ChangedFieldsAreFound) {
  const auto body = write_tag(example, "x");
  for (std::size_t i = 3; i < body.size(); ++i) {
    auto changed = body;
    changed[i] = changed[i] == '7' ? '8' : '7';
    const auto found = read_tag(changed);
    EXPECT_FALSE(found && found->intact) << changed;
  }
}

TEST(Tag, TrimmedEscapedOrExtendedBodiesAreDamaged) {
  EXPECT_FALSE(read_tag(write_tag(example, "x ").substr(0, write_tag(example, "x ").size() - 1))->intact);
  EXPECT_FALSE(read_tag(write_tag(example, "") + " ")->intact);
  EXPECT_FALSE(read_tag(write_tag(example, "") + "x")->intact);
  EXPECT_FALSE(read_tag(write_tag(example, "") + " appended")->intact);
  auto escaped = write_tag(example, "a<b");
  escaped.replace(escaped.find('<'), 1, "&lt;");
  EXPECT_FALSE(read_tag(escaped)->intact);
}

TEST(Tag, OtherTextIsForeign) {
  for (const std::string_view body :
       {"", "hi", "rc-", "rc-k3f9z2", "rc-k3f9z2-1-2", "rc-k3f9z2-1-2-3", "rc-k3f9z2-1-2-", "rc--1-2-3-4-5",
        " rc-k-1-2-3-4-5", "RC-K-1-2-3-4-5", "rc-toolongrun-1-2-3-4-5", "rc-K-1-2-3-4-5", "rc-k-99999999999-2-3-4-5",
        "rc-k-1 -2-3-4-5"}) {
    EXPECT_FALSE(read_tag(body)) << body;
  }
}

TEST(Tag, ReadableWithoutItsEnd) {
  for (const std::string_view body : {"rc-k-1-2-3-", "rc-k-1-2-3-4", "rc-k-1-2-3-4-", "rc-k-1-2-3-zzzzzzzzzzzzzzz-5"}) {
    const auto found = read_tag(body);
    ASSERT_TRUE(found) << body;
    EXPECT_FALSE(found->intact) << body;
    EXPECT_EQ(found->tag.sequence, 3U) << body;
  }
}

TEST(Tag, UpperCasedNumbersAreDamaged) {
  auto body = write_tag({"k", 35, 2, 3, {}}, "");
  body.replace(body.find("-z-"), 3, "-Z-");
  EXPECT_FALSE(read_tag(body) && read_tag(body)->intact);
}

TEST(Tag, OurOwnMistakesThrow) {
  EXPECT_THROW(write_tag({"", 0, 0, 0, {}}, ""), std::invalid_argument);
  EXPECT_THROW(write_tag({"UPPER", 0, 0, 0, {}}, ""), std::invalid_argument);
  EXPECT_THROW(write_tag({"ninechars", 0, 0, 0, {}}, ""), std::invalid_argument);
  EXPECT_THROW(write_tag({"k", 0, 0, 0, std::chrono::nanoseconds(-1)}, ""), std::invalid_argument);
}

TEST(Tag, RunIds) {
  EXPECT_EQ(make_run_id(0), "000000");
  EXPECT_EQ(make_run_id(35), "00000z");
  EXPECT_TRUE(is_run_id(make_run_id(std::numeric_limits<std::uint64_t>::max())));
  EXPECT_NE(make_run_id(1), make_run_id(2));
}

}  // namespace
}  // namespace ledger

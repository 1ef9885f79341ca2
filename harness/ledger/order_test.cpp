#include "harness/ledger/identity.hpp"
#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Decimal, ComparesNumbersOfAnyLength) {
  EXPECT_TRUE(decimal_less("9", "10"));
  EXPECT_FALSE(decimal_less("10", "9"));
  EXPECT_TRUE(decimal_less("18446744073709551615", "18446744073709551616"));
  EXPECT_TRUE(decimal_less("9007199254740992", "9007199254740993"));
  EXPECT_FALSE(decimal_less("010", "9"));
  EXPECT_FALSE(decimal_less("007", "7"));
  EXPECT_FALSE(decimal_less("7", "007"));
  EXPECT_TRUE(decimal_less("0", "1"));
  EXPECT_FALSE(decimal_less("00", "0"));
  EXPECT_TRUE(is_decimal("0123"));
  EXPECT_FALSE(is_decimal(""));
  EXPECT_FALSE(is_decimal("-1"));
  EXPECT_FALSE(is_decimal("1e3"));
  EXPECT_FALSE(is_decimal("12 "));
}

story three_concurrent(const std::string& a, const std::string& b, const std::string& c) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").posts("m2").posts("m3").acks("m1", a).acks("m2", b).acks("m3", c);
  return s;
}

TEST(Order, ById) {
  auto s = three_concurrent("9", "10", "11");
  s.shows("bob/phone", "m1").shows("bob/phone", "m3").shows("bob/phone", "m2");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m2 bob/phone"));
  const auto verdict = s.judge();
  EXPECT_EQ(verdict.findings[0].basis, order_basis::id);
  EXPECT_EQ(verdict.findings[0].other, s.id("m3"));
  EXPECT_EQ(verdict.counts.ordered_by[0], 2U);
}

TEST(Order, ByIdRightIsClean) {
  auto s = three_concurrent("11", "10", "9");
  s.shows("bob/phone", "m3").shows("bob/phone", "m2").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Order, OneLateMessageIsOneFinding) {
  auto s = three_concurrent("1", "2", "3");
  s.shows("bob/phone", "m2").shows("bob/phone", "m3").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m1 bob/phone"));
}

TEST(Order, IdsThatAreNoNumbersDoNotOrder) {
  auto s = three_concurrent("9", "10", "b7");
  s.shows("bob/phone", "m2").shows("bob/phone", "m1").shows("bob/phone", "m3");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.ordered_by[0], 0U);
}

TEST(Order, UndeclaredIdsDoNotOrder) {
  auto s = three_concurrent("9", "10", "11");
  s.rules.ids_ordered = false;
  s.shows("bob/phone", "m2").shows("bob/phone", "m1").shows("bob/phone", "m3");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Order, ByTheLastWalkThroughHistory) {
  auto s = three_concurrent("x", "y", "z");
  s.shows("bob/phone", "m1").shows("bob/phone", "m2").shows("bob/phone", "m3");
  s.at(200).walks("bob", "alice", {"m1", "m2", "m3"});
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(300).walks("bob", "alice", {"m1", "m3", "m2"});
  EXPECT_THAT(s.findings(), ElementsAre("reordered m3 bob/phone"));
  EXPECT_EQ(s.judge().findings[0].basis, order_basis::history);
  EXPECT_EQ(s.judge().counts.ordered_by[1], 2U);
}

TEST(Order, NotByWalksThatFailedOrWereNotWhole) {
  auto s = three_concurrent("x", "y", "z");
  s.shows("bob/phone", "m1").shows("bob/phone", "m2").shows("bob/phone", "m3");
  s.at(200).walks("bob", "alice", {"m2", "m1", "m3"}, false).walks("bob", "alice", {"m2", "m1", "m3"}, true, false);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Order, BySequenceOnlyBetweenAcknowledgementAndPost) {
  story s;
  s.rules.ids_ordered = false;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(200).posts("m2").acks("m2");
  s.shows("bob/phone", "m2").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m1 bob/phone"));
  EXPECT_EQ(s.judge().findings[0].basis, order_basis::sequence);
  EXPECT_EQ(s.judge().counts.ordered_by[2], 1U);

  story at_once;
  at_once.rules.ids_ordered = false;
  at_once.at(0).opens("bob/phone").at(100).posts("m1").posts("m2").acks("m1").acks("m2");
  at_once.shows("bob/phone", "m2").shows("bob/phone", "m1");
  EXPECT_THAT(at_once.findings(), IsEmpty());
}

TEST(Order, BySequencePerSender) {
  story s;
  s.rules.ids_ordered = false;
  s.rules.echo_allowed = true;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(200).posts("b1", "bob", "alice").acks("b1");
  s.shows("bob/phone", "b1").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Order, BySequenceAcrossAnEarlierConcurrentOne) {
  story s;  // m2 and m3 went out together; m1 was acknowledged before both
  s.rules.ids_ordered = false;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(200).posts("m2").posts("m3").acks("m3").acks("m2");
  s.shows("bob/phone", "m3").shows("bob/phone", "m2").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m1 bob/phone"));
}

TEST(Order, BySequenceAMessageUnderWayForLongHidesNothing) {
  story s;  // "slow" was sent first and acknowledged last
  s.rules.ids_ordered = false;
  s.at(0).opens("bob/phone").at(90).posts("slow").at(100).posts("m1").at(120).acks("m1").at(200).posts("m3").acks("m3");
  s.at(250).acks("slow").shows("bob/phone", "m3").shows("bob/phone", "slow").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m1 bob/phone"));
}

TEST(Order, ADamagedTagAloneHasNoPlace) {
  auto s = three_concurrent("1", "2", "3");
  s.shows("bob/phone", "m3").shows_damaged("bob/phone", "m1").shows_damaged("bob/phone", "m2", "2");
  EXPECT_THAT(s.findings(),
              UnorderedElementsAre("corrupted m1 bob/phone", "corrupted m2 bob/phone", "reordered m2 bob/phone"));
}

TEST(Order, SendersShareAnIdOrder) {
  story s;
  s.rules.echo_allowed = true;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1", "1").posts("b1", "bob", "alice").acks("b1", "2");
  s.shows("bob/phone", "b1").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m1 bob/phone"));
}

TEST(Order, ChatsAndDevicesAreApart) {
  story s;
  s.at(0).opens("bob/phone").opens("bob/desk").at(100).posts("m1").acks("m1", "1").posts("c1", "carol", "bob");
  s.acks("c1", "2").posts("m2").acks("m2", "3");
  s.shows("bob/phone", "c1").shows("bob/phone", "m1").shows("bob/desk", "m1").shows("bob/desk", "m2");
  s.shows("bob/phone", "m2").shows("bob/desk", "c1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Order, ARepeatedOrReplayedFrameIsOnlyThat) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").posts("m2").acks("m2");
  s.shows("bob/phone", "m1").shows("bob/phone", "m2").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m1 bob/phone"));
  story again;
  again.at(100).posts("m1").acks("m1").at(200).opens("bob/phone").posts("m2").acks("m2");
  again.shows("bob/phone", "m2").shows("bob/phone", "m1");
  EXPECT_THAT(again.findings(), ElementsAre("replayed m1 bob/phone"));
}

TEST(Order, UnknownMessagesTakeTheirIdFromTheFrame) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").fails("m1").posts("m2").acks("m2", "8");
  s.shows("bob/phone", "m2").shows("bob/phone", "m1", "7");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m1 bob/phone"));
}

TEST(Order, EventsOutOfTimeAreSorted) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").posts("m2").acks("m1", "1").acks("m2", "2");
  s.at(300).shows("bob/phone", "m2").at(200).shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

}  // namespace
}  // namespace ledger

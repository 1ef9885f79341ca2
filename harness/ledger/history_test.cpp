#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

story acked() {
  story s;
  s.at(100).posts("m1").at(120).acks("m1");
  return s;
}

TEST(History, AcknowledgedStandsOnceInEveryWalk) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {"m1"}).walks("alice", "bob", {"?70", "m1"});
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.walks, 2U);
  EXPECT_EQ(s.judge().counts.in_history_checked, 1U);
}

TEST(History, MissingFromAWalkBegunAfterTheAcknowledgement) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history m1 history"));
  EXPECT_EQ(s.judge().findings[0].proof.size(), 3U);
}

TEST(History, MissingOnceIsOneFindingHoweverManyWalks) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {}).at(300).walks("bob", "alice", {"m1"}).at(400).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history m1 history"));
}

TEST(History, AWalkBegunBeforeTheAcknowledgementProvesNothing) {
  story s;
  s.at(100).posts("m1").begins_walk("bob", "alice").at(120).acks("m1").at(130).completes_walk();
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.in_history_unjudged, 1U);
}

TEST(History, AtTheTimeOfTheAcknowledgementThePlaceDecides) {
  story before;
  before.at(100).posts("m1").at(120).begins_walk("bob", "alice").acks("m1").completes_walk();
  EXPECT_THAT(before.findings(), IsEmpty());
  story after;
  after.at(100).posts("m1").at(120).acks("m1").begins_walk("bob", "alice").completes_walk();
  EXPECT_THAT(after.findings(), ElementsAre("missing from history m1 history"));
}

TEST(History, AWalkThatFailedOrWasNotWholeShowsNothingMissing) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {}, true, false).walks("bob", "alice", {}, false);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.walks, 1U);
}

TEST(History, AStrangersEmptyListShowsNothingMissing) {
  auto s = acked();
  s.at(200).walks("carol", "alice:bob", {});
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(History, AStrangerReadsWhatIsNotHis) {
  auto s = acked();
  s.at(200).walks("carol", "alice:bob", {"m1"});
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 history"));
}

TEST(History, OfAnotherChat) {
  auto s = acked();
  s.at(200).walks("bob", "carol", {"m1"}).walks("bob", "alice", {"m1"});
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 history"));
}

TEST(History, RepeatedInOneWalk) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {"m1", "m1#2"});
  EXPECT_THAT(s.findings(), ElementsAre("repeated in history m1 history"));
}

TEST(History, RepeatedInAWalkThatFailedLater) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {"m1", "m1"}, true, false);
  EXPECT_THAT(s.findings(), ElementsAre("repeated in history m1 history"));
}

TEST(History, WalkedTwiceIsNotRepeated) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {"m1"}).walks("bob", "alice", {"m1"});
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(History, UnknownStandsAtMostOnce) {
  story s;
  s.at(100).posts("m1").fails("m1").posts("m2").at(200).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(300).walks("bob", "alice", {"m1", "m2"});
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(400).walks("bob", "alice", {"m1#1", "m1#2", "m2#3"});
  EXPECT_THAT(s.findings(), ElementsAre("repeated in history m1 history"));
}

TEST(History, AckedByARetryStandsExactlyOnce) {
  story s;
  s.at(100).posts("m1").fails("m1").retries("m1").acks("m1", "3", 2).at(200).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history m1 history"));
}

TEST(History, RefusedStandsNowhere) {
  story s;
  s.at(100).posts("m1").refuses("m1").at(200).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(300).walks("bob", "alice", {"m1"}, false, false);
  EXPECT_THAT(s.findings(), ElementsAre("refused but stored m1 history"));
}

TEST(History, RefusedAndShownBeforeTheAnswer) {
  story s;
  s.at(100).posts("m1").at(105).walks("bob", "alice", {"m1"}).at(110).refuses("m1");
  EXPECT_THAT(s.findings(), ElementsAre("refused but stored m1 history"));
}

TEST(History, DamagedRowsAreThere) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {"m1!"});
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m1 history"));
}

TEST(History, ForeignTextUnderOurIdIsDamage) {
  auto s = acked();
  s.at(200).walks("bob", "alice", {"?1"});
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m1 history"));
}

TEST(History, PhantomRows) {
  story s;
  s.at(100).posts("m1").acks("m1").declares("ghost").walks("bob", "alice", {"m1", "ghost"});
  EXPECT_THAT(s.findings(), ElementsAre("phantom ghost history"));
}

TEST(History, DeliveredMustBeStored) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").at(105).shows("bob/phone", "m1").at(106).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("delivered but not stored m1 history"));
  s.at(120).acks("m1");  // acknowledged later: still not stored when it was shown
  EXPECT_THAT(s.findings(), ElementsAre("delivered but not stored m1 history"));
}

TEST(History, AWalkBegunBeforeTheFrameMayMissIt) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").begins_walk("bob", "alice").shows("bob/phone", "m1").completes_walk();
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(History, AMisroutedFrameIsNoProofOfStorage) {
  story s;
  s.at(0).opens("carol/phone").at(100).posts("m1").shows("carol/phone", "m1").walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 carol/phone"));
}

TEST(History, WalksThatMayShiftAreHeldOnlyWhenNobodyWrites) {
  story s;
  s.rules.walks_are_stable = false;
  s.at(100).posts("m1").acks("m1").at(200).begins_walk("bob", "alice").posts("m2").adds_row("m1").adds_row("m1");
  s.completes_walk().acks("m2").at(300).begins_walk("bob", "alice").posts("m3").completes_walk().acks("m3");
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(400).walks("bob", "alice", {"m1", "m1", "m3"});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history m2 history", "repeated in history m1 history"));
}

TEST(History, AShiftingWalkNeverShowsOneMessageUnderTwoIds) {
  story s;
  s.rules.walks_are_stable = false;
  s.at(100).posts("m1").acks("m1").at(200).begins_walk("bob", "alice").posts("m2").adds_row("m1").adds_row("m1#9");
  s.completes_walk();
  EXPECT_THAT(s.findings(), ElementsAre("repeated in history m1 history"));
}

TEST(History, WhatEndedUnknownMayStillBeWrittenDuringAShiftingWalk) {
  story s;
  s.rules.walks_are_stable = false;
  s.at(100).posts("m1").acks("m1").posts("m2").fails("m2").at(5'000).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(10'101).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history m1 history"));
}

}  // namespace
}  // namespace ledger

#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Duplicated, TwiceOnOneSocket) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").shows("bob/phone", "m1").at(200).shows("bob/phone", "m1");
  s.shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m1 bob/phone"));
  EXPECT_EQ(s.judge().findings.at(0).proof.size(), 3U);
}

TEST(Duplicated, OnceOnEachDeviceIsRight) {
  story s;
  s.at(0).opens("bob/phone").opens("bob/desk").at(100).posts("m1").acks("m1");
  s.shows("bob/phone", "m1").shows("bob/desk", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Duplicated, UnknownAndRetriedMessagesToo) {
  story s;
  s.at(0)
      .opens("bob/phone")
      .at(100)
      .posts("m1")
      .at(110)
      .fails("m1")
      .posts("m2")
      .fails("m2")
      .retries("m2")
      .acks("m2", "5", 2);
  s.at(200).shows("bob/phone", "m1").shows("bob/phone", "m2");
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(300).shows("bob/phone", "m1").shows("bob/phone", "m2");
  EXPECT_THAT(s.findings(), UnorderedElementsAre("duplicated m1 bob/phone", "duplicated m2 bob/phone"));
}

TEST(Duplicated, WhileTheSocketWasNotYetReady) {
  story s;
  s.at(0)
      .starts("bob/phone")
      .at(100)
      .posts("m1")
      .at(110)
      .shows("bob/phone", "m1")
      .acks("m1")
      .at(120)
      .ready("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(130).shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m1 bob/phone"));
}

TEST(Duplicated, ReadBetweenOurCloseAndThePeers) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(110).ends("bob/phone").at(111).shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.delivered, 1U);
  s.shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m1 bob/phone"));
}

TEST(Misrouted, AnySocketOfAnybodyElse) {
  story s;
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m1").acks("m1").shows("bob/phone", "m1");
  s.shows("carol/phone", "m1").shows("carol/phone", "m1").at(300).opens("dave/phone").shows("dave/phone", "m1");
  EXPECT_THAT(s.findings(), UnorderedElementsAre("misrouted m1 carol/phone", "misrouted m1 dave/phone"));
  EXPECT_EQ(s.judge().counts.forbidden_checked, 2U);
}

TEST(Misrouted, UnknownMessagesToo) {
  story s;
  s.at(0).opens("carol/phone").at(100).posts("m1").at(110).shows("carol/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 carol/phone"));
}

TEST(Misrouted, TheSendersOwnSocketsUnlessEchoIsAllowed) {
  story s;
  s.at(0).opens("alice/phone").at(100).posts("m1").shows("alice/phone", "m1").acks("m1");
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 alice/phone"));
  s.rules.echo_allowed = true;
  EXPECT_THAT(s.findings(), IsEmpty());
  s.shows("alice/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m1 alice/phone"));
}

TEST(Misrouted, AnEchoIsNeverOwed) {
  story s;
  s.rules.echo_allowed = true;
  s.at(0).opens("alice/phone").at(100).posts("m1").acks("m1").at(20'000).drains("alice/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Misrouted, AnEchoToALaterSocketIsAReplay) {
  story s;
  s.rules.echo_allowed = true;
  s.at(100).posts("m1").acks("m1").at(200).opens("alice/phone").shows("alice/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m1 alice/phone"));
}

TEST(Replayed, OnASocketOpenedAfterTheAcknowledgement) {
  story s;
  s.at(100).posts("m1").at(120).acks("m1").at(121).opens("bob/phone").at(130).shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m1 bob/phone"));
}

TEST(Replayed, AtTheTimeOfTheAcknowledgementThePlaceDecides) {
  story before;
  before.at(100).posts("m1").at(120).starts("bob/phone").acks("m1").ready("bob/phone").at(130).shows("bob/phone", "m1");
  EXPECT_THAT(before.findings(), IsEmpty());
  story after;
  after.at(100).posts("m1").at(120).acks("m1").opens("bob/phone").at(130).shows("bob/phone", "m1");
  EXPECT_THAT(after.findings(), ElementsAre("replayed m1 bob/phone"));
}

TEST(Replayed, StartedBeforeTheAcknowledgementIsAtMostOnce) {
  story s;
  s.at(100).posts("m1").at(110).starts("bob/phone").at(120).acks("m1").at(125).ready("bob/phone");
  s.at(130).shows("bob/phone", "m1").at(30'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.at_most_once, 1U);
}

TEST(Replayed, TheSettleTimeIsDeclared) {
  for (const long start : {170, 171}) {
    story s;
    s.rules.settle = std::chrono::milliseconds(50);
    s.at(100).posts("m1").at(120).acks("m1").at(start).opens("bob/phone").at(200).shows("bob/phone", "m1");
    EXPECT_EQ(s.findings().size(), start == 170 ? 0U : 1U) << start;
  }
}

TEST(Replayed, AckedByARetryCountsFromTheRetry) {
  story s;
  s.at(100).posts("m1").at(110).fails("m1").at(120).opens("bob/phone").at(130).retries("m1").at(140).acks("m1", "3", 2);
  s.at(150).shows("bob/phone", "m1").at(160).opens("bob/desk").shows("bob/desk", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m1 bob/desk"));
}

TEST(Replayed, AgainOnASocketOpenedAfterItWasDelivered) {
  story s;
  s.at(0).opens("bob/a").at(100).posts("m1").at(110).shows("bob/a", "m1").at(120).ends("bob/a").at(130).opens("bob/b");
  s.at(140).shows("bob/b", "m1").at(150).acks("m1");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m1 bob/b"));
}

TEST(Replayed, NotWhenItCameOnlyAfterOurOwnClose) {
  story s;
  s.at(0).opens("bob/a").at(100).posts("m1").at(105).ends("bob/a").at(110).shows("bob/a", "m1").at(130).opens("bob/b");
  s.at(140).shows("bob/b", "m1").at(150).acks("m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Replayed, NotWhenBothSocketsWereOpenAtOnce) {
  story s;
  s.at(0).opens("bob/a").at(100).posts("m1").at(105).opens("bob/b").at(110).shows("bob/a", "m1");
  s.at(140).shows("bob/b", "m1").at(150).acks("m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Refused, OnNoSocket) {
  story s;
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m1").at(110).refuses("m1");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.refused, 1U);
  s.at(120).shows("bob/phone", "m1").shows("carol/phone", "m1");
  EXPECT_THAT(s.findings(),
              UnorderedElementsAre("refused but delivered m1 bob/phone", "refused but delivered m1 carol/phone"));
}

TEST(Refused, AlsoWhenTheFrameCameFirst) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").at(105).shows("bob/phone", "m1").at(110).refuses("m1");
  EXPECT_THAT(s.findings(), ElementsAre("refused but delivered m1 bob/phone"));
}

TEST(Refused, OnlyWhenEveryAttemptWas) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").at(110).refuses("m1", 429).retries("m1").at(120).acks("m1", "4", 2);
  s.posts("m2").refuses("m2").retries("m2").fails("m2", 504, 2).posts("m3").refuses("m3").retries("m3");
  s.at(130).shows("bob/phone", "m1").shows("bob/phone", "m2").shows("bob/phone", "m3");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.refused, 0U);
  EXPECT_EQ(s.judge().counts.unknown, 2U);
}

TEST(Phantom, ATagOfThisRunThatWasNeverSent) {
  story s;
  s.at(0).opens("bob/phone").declares("ghost").at(100).shows("bob/phone", "ghost");
  EXPECT_THAT(s.findings(), ElementsAre("phantom ghost bob/phone"));
}

TEST(Phantom, SeenBeforeItWasSent) {
  story s;
  s.at(0).opens("bob/phone").declares("m1").at(99).shows("bob/phone", "m1").at(100).posts("m1");
  EXPECT_THAT(s.findings(), ElementsAre("phantom m1 bob/phone"));
}

TEST(Phantom, OfAChatAndUserThatNobodyKnows) {
  story s;
  s.at(0).opens("bob/phone");
  const auto body = write_tag({"test1", 900, 901, 5, {}}, "x");
  s.at(5).shows_as("bob/phone", s.trace.recognise(body), "1");
  ASSERT_EQ(s.findings().size(), 1U);
  EXPECT_EQ(s.judge().findings[0].kind, finding_class::phantom);
  EXPECT_NE(sentence(s.judge().findings[0], s.trace).find("of ? in chat ?"), std::string::npos);
}

TEST(Foreign, IsCountedAndNothingMore) {
  story s;
  s.at(0).opens("bob/phone").at(5);
  s.shows_as("bob/phone", s.trace.recognise("good morning"), "70");
  s.shows_as("bob/phone", s.trace.recognise(write_tag({"other", 0, 0, 1, {}}, "")), "71");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.foreign, 2U);
  EXPECT_EQ(s.judge().counts.frames, 2U);
}

TEST(Absence, IsProvenByALaterMessageOnTheSocket) {
  story s;
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m1").acks("m1").shows("bob/phone", "m1");
  EXPECT_EQ(s.absent("m1", "carol/phone"), absence::unproven);
  EXPECT_EQ(s.judge().counts.forbidden_unproven, 1U);
  s.at(200).posts("fence", "dave", "carol").acks("fence");
  EXPECT_EQ(s.absent("m1", "carol/phone"), absence::unproven);
  s.shows("carol/phone", "fence");
  EXPECT_EQ(s.absent("m1", "carol/phone"), absence::proven);
  EXPECT_EQ(s.absent("m1", "bob/phone"), absence::present);
  EXPECT_EQ(s.judge().counts.forbidden_checked, 1U);
}

TEST(Absence, NotByWaiting) {
  story s;
  s.at(0).opens("carol/phone").at(100).posts("m1").acks("m1").at(90'000).drains("carol/phone", true);
  EXPECT_EQ(s.absent("m1", "carol/phone"), absence::unproven);
}

TEST(Absence, NotByAFencePostedBeforeTheAcknowledgementOrBeforeReady) {
  story early;
  early.at(0).opens("carol/phone").at(100).posts("m1").posts("fence", "dave", "carol").acks("fence").acks("m1");
  early.shows("carol/phone", "fence");
  EXPECT_EQ(early.absent("m1", "carol/phone"), absence::unproven);
  story late;
  late.at(100)
      .posts("m1")
      .acks("m1")
      .at(200)
      .starts("bob/phone")
      .posts("fence")
      .at(300)
      .ready("bob/phone")
      .acks("fence");
  late.shows("bob/phone", "fence");
  EXPECT_EQ(late.absent("m1", "bob/phone"), absence::unproven);
}

TEST(Absence, OfAMessageToWhoWasOffline) {
  story s;
  s.at(100)
      .posts("m1")
      .acks("m1")
      .at(200)
      .opens("bob/phone")
      .at(210)
      .posts("fence")
      .acks("fence")
      .shows("bob/phone", "fence");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.absent("m1", "bob/phone"), absence::proven);
  EXPECT_EQ(s.judge().counts.forbidden_checked, 1U);
  EXPECT_EQ(s.judge().counts.at_most_once, 0U);
}

TEST(Absence, OfARefusedMessage) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").refuses("m1").posts("fence").acks("fence").shows("bob/phone", "fence");
  EXPECT_EQ(s.absent("m1", "bob/phone"), absence::proven);
}

TEST(Absence, OfAnUnknownMessageIsNeverProven) {
  story s;
  s.at(0).opens("carol/phone").at(100).posts("m1").fails("m1").posts("fence", "dave", "carol").acks("fence");
  s.shows("carol/phone", "fence");
  EXPECT_EQ(s.absent("m1", "carol/phone"), absence::unproven);
}

}  // namespace
}  // namespace ledger

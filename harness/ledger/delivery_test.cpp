#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// bob's phone ready at 10, m1 sent at 100 and acknowledged at 120: what the stories below begin with.
story one_message() {
  story s;
  s.at(0).starts("bob/phone").at(10).ready("bob/phone").at(100).posts("m1").at(120).acks("m1");
  return s;
}

TEST(Owed, DeliveredInTimeIsClean) {
  auto s = one_message();
  s.at(130).shows("bob/phone", "m1").at(20'000).drains("bob/phone", true);
  EXPECT_THAT(s.findings(), IsEmpty());
  const auto counts = s.judge().counts;
  EXPECT_EQ(counts.owed, 1U);
  EXPECT_EQ(counts.delivered, 1U);
  EXPECT_EQ(counts.uncertain, 0U);
  EXPECT_EQ(counts.sent, 1U);
  EXPECT_EQ(counts.acked, 1U);
  EXPECT_EQ(counts.frames, 1U);
}

TEST(Owed, AFrameMayComeBeforeTheAcknowledgement) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").at(105).shows("bob/phone", "m1").at(120).acks("m1");
  s.at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.delivered, 1U);
}

TEST(Owed, LostWhenStillReadyAtTheDeadline) {
  auto s = one_message();
  s.at(10'120).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  EXPECT_EQ(s.judge().counts.owed, 1U);
  EXPECT_EQ(s.judge().counts.delivered, 0U);
}

TEST(Owed, ABeatBeforeTheDeadlineNothingIsKnown) {
  auto s = one_message();
  s.at(10'119).drains("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
  EXPECT_EQ(s.judge().counts.owed, 0U);
}

TEST(Owed, TheDeadlineIsDeclared) {
  auto s = one_message();
  s.rules.deadline = std::chrono::seconds(30);
  s.at(30'119).drains("bob/phone");
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
  s.at(30'120).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
}

TEST(Owed, TheEndOfTheRunsDrainIsADeadline) {
  auto s = one_message();
  s.at(3'000).drains("bob/phone", true);
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
}

TEST(Owed, ALastDrainBeforeTheAcknowledgementIsNone) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").drains("bob/phone", true).at(120).acks("m1");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(Owed, WithoutADrainAnOldSocketProvesNothing) {
  auto s = one_message();  // the harness may have slept all the while
  s.at(60'000).ends("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(Owed, EndedExactlyAtTheDeadline) {
  auto before = one_message();
  before.at(10'120).ends("bob/phone").drains("bob/phone");
  EXPECT_THAT(before.findings(), IsEmpty());
  EXPECT_THAT(before.uncertain(), ElementsAre("m1 bob/phone"));
  auto after = one_message();
  after.at(10'120).drains("bob/phone").ends("bob/phone");
  EXPECT_THAT(after.findings(), ElementsAre("lost m1 bob/phone"));
}

TEST(Owed, ReadyAtTheTimeOfThePostIsOrderedByPlace) {
  story owed;
  owed.at(0).starts("bob/phone").at(100).ready("bob/phone").posts("m1").acks("m1").at(20'000).drains("bob/phone");
  EXPECT_THAT(owed.findings(), ElementsAre("lost m1 bob/phone"));
  story not_owed;
  not_owed.at(0).starts("bob/phone").at(100).posts("m1").ready("bob/phone").acks("m1").at(20'000).drains("bob/phone");
  EXPECT_THAT(not_owed.findings(), IsEmpty());
  EXPECT_THAT(not_owed.uncertain(), IsEmpty());
  EXPECT_EQ(not_owed.judge().counts.at_most_once, 1U);
}

// Ready only between the POST and its answer, or opened in between, or closing: it may come, once.
TEST(Owed, WhoIsJustComingOrGoingMayHaveItOnce) {
  using step = void (*)(story&);
  const std::vector<std::pair<step, step>> sockets{
      {[](story& s) { s.starts("bob/phone"); }, [](story& s) { s.ready("bob/phone"); }},
      {[](story& s) { s.starts("bob/phone"); }, [](story&) {}},
      {[](story&) {}, [](story& s) { s.opens("bob/phone"); }},
      {[](story&) {}, [](story& s) { s.starts("bob/phone"); }},
      {[](story& s) { s.opens("bob/phone").ends("bob/phone"); }, [](story&) {}}};
  for (const auto& [before_post, before_answer] : sockets) {
    for (const int copies : {0, 1, 2}) {
      for (const bool before : {true, false}) {
        story s;
        s.at(0);
        before_post(s);
        s.at(100).posts("m").at(110);
        before_answer(s);
        if (!before) {
          s.acks("m");
        }
        for (int i = 0; i < copies; ++i) {
          s.shows("bob/phone", "m", "1");
        }
        if (before) {
          s.acks("m");
        }
        // A later message proves nothing about what was not owed.
        s.at(200).ready("bob/phone").posts("n").acks("n").shows("bob/phone", "n").at(20'000).drains("bob/phone");
        const auto counts = s.judge().counts;
        EXPECT_EQ(s.findings(),
                  copies > 1 ? std::vector<std::string>{"duplicated m bob/phone"} : std::vector<std::string>{});
        EXPECT_THAT(s.uncertain(), IsEmpty());
        EXPECT_EQ(counts.forbidden_checked + counts.forbidden_unproven, 0U);
      }
    }
  }
}

TEST(Owed, NeverReadyIsNeverOwed) {
  story s;
  s.at(0).starts("bob/phone").at(100).posts("m1").acks("m1").at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.at_most_once, 1U);
}

TEST(Owed, ASocketThatEndedBeforeThePostHasNoPart) {
  story s;
  s.at(0).opens("bob/phone").at(90).ends("bob/phone").at(100).posts("m1").acks("m1").at(20'000);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), IsEmpty());
  const auto counts = s.judge().counts;
  EXPECT_EQ(counts.owed + counts.uncertain + counts.at_most_once, 0U);
}

TEST(Owed, EndedBetweenPostAndAcknowledgementIsUncertain) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").at(110).ends("bob/phone").at(120).acks("m1");
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(Owed, OnlyByItsFirstPost) {
  story s;
  s.at(0)
      .opens("bob/phone")
      .at(100)
      .posts("m1")
      .at(5'100)
      .fails("m1")
      .at(5'200)
      .retries("m1")
      .at(5'220)
      .acks("m1", "7", 2);
  s.at(60'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), IsEmpty());
  EXPECT_EQ(s.judge().counts.at_most_once, 1U);
  EXPECT_EQ(s.judge().counts.acked_by_retry, 1U);
}

TEST(Owed, ARetryAfterTheFirstAcknowledgementChangesNothing) {
  auto s = one_message();
  s.at(200).retries("m1").at(210).acks("m1", "", 2).at(10'120).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  EXPECT_EQ(s.judge().counts.acked_by_retry, 0U);
}

TEST(Owed, UnknownAndUnansweredAreNotOwed) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").posts("m2").at(5'000).fails("m1").at(60'000).drains("bob/phone", true);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.unknown, 2U);
  EXPECT_EQ(s.judge().counts.at_most_once, 2U);
}

TEST(Owed, LateIsNotLost) {
  auto s = one_message();
  s.at(10'120).drains("bob/phone").at(10'130).shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("late m1 bob/phone"));
  EXPECT_EQ(s.judge().counts.delivered, 1U);
}

TEST(Owed, WhatIsReadLateBecauseTheHarnessSleptIsInTime) {
  auto s = one_message();
  s.at(30'000).shows("bob/phone", "m1").drains("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Owed, AfterALastDrainButBeforeItsTimeIsNotLate) {
  auto s = one_message();
  s.at(500).drains("bob/phone", true).at(520).shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Owed, EachDeviceOnItsOwn) {
  story s;
  s.at(0).opens("bob/phone").opens("bob/desk").at(100).posts("m1").acks("m1").shows("bob/phone", "m1");
  s.at(9'000).shows("bob/desk", "m1").at(20'000).drains("bob/phone").drains("bob/desk");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.owed, 2U);

  story deaf;
  deaf.at(0).opens("bob/phone").opens("bob/desk").at(100).posts("m1").acks("m1").shows("bob/phone", "m1");
  deaf.at(20'000).drains("bob/phone").drains("bob/desk");
  EXPECT_THAT(deaf.findings(), ElementsAre("lost m1 bob/desk"));
}

TEST(Owed, ABackendThatDeliversNothingFails) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").posts("fence").acks("fence").at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), UnorderedElementsAre("lost m1 bob/phone", "lost fence bob/phone"));
}

TEST(LaterMessage, ProvesALossAtOnce) {
  auto s = one_message();
  s.rules.ids_ordered = false;
  s.at(200).posts("m2").acks("m2").shows("bob/phone", "m2").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  const auto finding = s.judge().findings.at(0);
  EXPECT_EQ(finding.other, s.id("m2"));
  EXPECT_EQ(finding.proof.size(), 5U);  // ready, sent, acknowledged, the later POST and its frame
}

TEST(LaterMessage, AFencePostedAfterTheAcknowledgementDoesSo) {
  auto s = one_message();
  s.at(200).posts("fence").acks("fence").shows("bob/phone", "fence").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
}

TEST(LaterMessage, AFencePostedBeforeTheAcknowledgementProvesNothing) {
  story s;
  s.rules.ids_ordered = false;
  s.at(0).opens("bob/phone").at(100).posts("m1").at(110).posts("fence").at(120).acks("m1").acks("fence");
  s.at(130).shows("bob/phone", "fence").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(LaterMessage, AtTheTimeOfTheAcknowledgementThePlaceDecides) {
  for (const bool fence_first : {true, false}) {
    story s;
    s.rules.ids_ordered = false;
    s.at(0).opens("bob/phone").at(100).posts("m1").at(120);
    fence_first ? s.posts("fence").acks("m1") : s.acks("m1").posts("fence");
    s.acks("fence").shows("bob/phone", "fence").ends("bob/phone");
    EXPECT_EQ(s.findings().size(), fence_first ? 0U : 1U);
  }
}

TEST(LaterMessage, ByIdWhenIdsAreOrdered) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").posts("m2").acks("m1", "9").acks("m2", "10");
  s.at(130).shows("bob/phone", "m2").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  EXPECT_EQ(s.judge().findings.at(0).basis, order_basis::id);

  s.rules.ids_ordered = false;
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LaterMessage, ByHistoryWhenIdsAreNot) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").posts("m2").acks("m1", "x").acks("m2", "a");
  s.at(130).shows("bob/phone", "m2").at(300).ends("bob/phone").walks("bob", "alice", {"m1", "m2"});
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  EXPECT_EQ(s.judge().findings.at(0).basis, order_basis::history);
}

TEST(LaterMessage, ProvesNothingWhereLossesMayBeAnnouncedLate) {
  auto s = one_message();
  s.rules.later_message_proves_loss = false;
  s.at(200).posts("m2").acks("m2").shows("bob/phone", "m2").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(LaterMessage, OfAnotherChatProvesNothing) {
  auto s = one_message();
  s.at(200).posts("c1", "carol", "bob").acks("c1").shows("bob/phone", "c1").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(LaterMessage, OnAnotherDeviceProvesNothing) {
  auto s = one_message();
  s.at(150).opens("bob/desk").at(200).posts("m2").acks("m2").shows("bob/desk", "m2").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), UnorderedElementsAre("m1 bob/phone", "m2 bob/phone"));
}

TEST(LaterMessage, AnEchoOfTheRecipientsOwnProvesNothing) {
  auto s = one_message();
  s.rules.echo_allowed = true;
  s.at(200).posts("b1", "bob", "alice").acks("b1").shows("bob/phone", "b1").at(300).ends("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Fence, IsItselfOwed) {
  auto s = one_message();
  s.at(130).shows("bob/phone", "m1").at(200).posts("fence").acks("fence").at(10'200).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost fence bob/phone"));
  EXPECT_EQ(s.judge().counts.fences, 1U);
}

}  // namespace
}  // namespace ledger

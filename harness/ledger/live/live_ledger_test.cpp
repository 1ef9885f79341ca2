// Small stories about sockets: what the live ledger says, and when it says it.
#include "harness/ledger/live/findings_book.hpp"
#include "harness/ledger/live/test/live_story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Live, AMessageThatCameIsDeliveredAndForgotten) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").at(110).shows("bob/phone", "m").at(120).acks("m");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().owed, 1U);
  EXPECT_EQ(s.totals().delivered, 1U);
  EXPECT_EQ(s.book.in_flight(), 0U);
}

TEST(Live, AFrameTellsWhatTheWorkerMeasures) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").at(130);
  const auto body = s.book.body(s.key("m"), std::chrono::milliseconds(90), "hello");
  s.shows_text("bob/phone", body, "1");
  EXPECT_EQ(s.seen.what, seen_as::first);
  EXPECT_FALSE(s.seen.echo);
  EXPECT_EQ(s.seen.message, s.key("m"));
  EXPECT_EQ(s.seen.intended, std::chrono::milliseconds(90));
  EXPECT_EQ(s.seen.sent, std::chrono::milliseconds(100));
  s.shows_text("bob/phone", body, "1");
  EXPECT_EQ(s.seen.what, seen_as::again);
}

TEST(Live, ADeadlineIsJudgedByADrainAlone) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(20'000).posts("n", "alice", "carol");
  EXPECT_THAT(s.findings(), IsEmpty());
  s.drains();
  EXPECT_THAT(s.findings(), ElementsAre("lost m bob/phone"));
}

TEST(Live, BeforeTheDeadlineNothingIsLost) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(10'099).drains();
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(10'100).drains();
  EXPECT_THAT(s.findings(), ElementsAre("lost m bob/phone"));
  EXPECT_EQ(s.totals().owed, 1U);
}

TEST(Live, WhatComesAfterItsDeadlineIsLateAndNoLongerLost) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(10'200).drains().at(10'300).shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("late m bob/phone"));
  EXPECT_EQ(s.book.counts().of(finding_class::lost), 0U);
  EXPECT_EQ(s.totals().owed, 1U);
  EXPECT_EQ(s.totals().delivered, 1U);
  EXPECT_EQ(s.book.in_flight(), 0U);
}

TEST(Live, ALaterMessageProvesALossWhenTheSocketIsGone) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(200).posts("n").acks("n").shows("bob/phone", "n");
  s.at(300).leaves("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m bob/phone"));
  ASSERT_TRUE(s.book.findings()[0].other);
  EXPECT_EQ(*s.book.findings()[0].other, s.key("n"));
}

TEST(Live, WithoutALaterMessageItIsUncertain) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(300).leaves("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m bob/phone"));
}

TEST(Live, ACloseThatAnnouncesALossIsNoFinding) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(300);
  s.ends("bob/phone", ending::closed_by_peer, 1012).goes("bob/phone");
  EXPECT_THAT(s.announced(), ElementsAre("m bob/phone"));
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Live, WhatIsReadAfterOurOwnCloseCounts) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").ends("bob/phone").shows("bob/phone", "m").goes("bob/phone");
  EXPECT_EQ(s.totals().delivered, 1U);
  EXPECT_THAT(s.uncertain(), IsEmpty());
}

TEST(Live, AnAnswerAfterTheSocketIsGoneStillDecides) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").at(200).leaves("bob/phone").at(300).acks("m");
  EXPECT_THAT(s.uncertain(), ElementsAre("m bob/phone"));
  EXPECT_EQ(s.book.in_flight(), 0U);
}

TEST(Live, TwiceOnOneSocketIsDuplicatedAlsoWhenItWasSettled) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").shows("bob/phone", "m");
  ASSERT_EQ(s.book.in_flight(), 0U);
  s.at(90'000).shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m bob/phone"));
  EXPECT_EQ(s.seen.what, seen_as::again);
  s.at(90'001).shows("bob/phone", "m");
  EXPECT_EQ(s.book.counts().of(finding_class::duplicated), 1U);  // one finding for a message and a socket
}

TEST(Live, OnASocketThatWasOpenedLaterItIsReplayed) {
  live_story s;
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").shows("bob/phone", "m").at(200).leaves("bob/phone");
  s.at(300).opens("bob/tablet").shows("bob/tablet", "m");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m bob/tablet"));
}

// The server may have written off in good faith what we read after our own close.
TEST(Live, WhatCameAfterOurCloseMayComeAgain) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").ends("bob/phone").shows("bob/phone", "m").goes("bob/phone");
  s.at(100).opens("bob/tablet").shows("bob/tablet", "m").acks("m");
  EXPECT_THAT(s.findings(), IsEmpty());
  live_story t;
  t.at(0).opens("bob/phone").posts("m").shows("bob/phone", "m").leaves("bob/phone");
  t.at(100).opens("bob/tablet").shows("bob/tablet", "m").acks("m");
  EXPECT_THAT(t.findings(), ElementsAre("replayed m bob/tablet"));
}

TEST(Live, AnOfflineMessageOnTheNextSocketIsReplayed) {
  live_story s;
  s.at(100).posts("m").acks("m").at(300).opens("bob/phone").shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m bob/phone"));
}

TEST(Live, TheSettleTimeIsGranted) {
  rules declared;
  declared.settle = std::chrono::milliseconds(500);
  live_story s(declared);
  s.at(100).posts("m").acks("m").posts("n").acks("n").at(600).opens("bob/phone").shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(601).drains().opens("bob/tablet").shows("bob/tablet", "n");
  EXPECT_THAT(s.findings(), ElementsAre("replayed n bob/tablet"));
}

TEST(Live, OnSomebodyElsesSocketItIsMisrouted) {
  live_story s;
  s.at(0).opens("carol/phone").opens("alice/phone").at(100).posts("m").shows("carol/phone", "m");
  EXPECT_EQ(s.seen.what, seen_as::misplaced);
  EXPECT_THAT(s.findings(), IsEmpty());  // it may yet be refused
  s.acks("m").shows("alice/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m alice/phone", "misrouted m carol/phone"));
}

TEST(Live, AnEchoIsWelcomeWhereItIsDeclared) {
  rules declared;
  declared.echo_allowed = true;
  live_story s(declared);
  s.at(0).opens("alice/phone").at(100).posts("m").acks("m").shows("alice/phone", "m");
  EXPECT_TRUE(s.seen.echo);
  EXPECT_EQ(s.seen.what, seen_as::first);
  EXPECT_THAT(s.findings(), IsEmpty());
  s.shows("alice/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m alice/phone"));
}

TEST(Live, AMessageOfAnotherWorkerIsMisrouted) {
  live_story s;
  s.at(0).opens("bob/phone").shows_text("bob/phone", write_tag({"test1", 99, 77, 3, {}}, "hello"), "5");
  EXPECT_EQ(s.seen.what, seen_as::misplaced);
  EXPECT_THAT(s.findings(), ElementsAre("misrouted ? bob/phone"));
}

TEST(Live, WhatWasNeverSentIsAPhantom) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").acks("m").shows("bob/phone", "m");
  for (const std::uint32_t sequence : {0U, 2U}) {
    s.shows_text("bob/phone", write_tag({"test1", 5, 10, sequence, {}}, "hello"), "5");
    EXPECT_EQ(s.seen.what, seen_as::unsent);
  }
  EXPECT_THAT(s.findings(), ElementsAre("phantom ? bob/phone", "phantom ? bob/phone"));
}

TEST(Live, ADamagedBodyIsCorrupted) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").acks("m").shows_text("bob/phone", s.body("m") + " ", "1");
  EXPECT_EQ(s.seen.what, seen_as::damaged);
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m bob/phone"));
  EXPECT_EQ(s.totals().delivered, 1U);
}

TEST(Live, TextWithoutATagUnderAnIdOfOursIsCorrupted) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").acks("m", "17").shows_text("bob/phone", "[removed]", "17");
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m bob/phone"));
  EXPECT_EQ(s.totals().delivered, 1U);
  EXPECT_EQ(s.totals().foreign, 0U);
}

TEST(Live, AlsoWhenTheAnswerComesAfterIt) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").shows_text("bob/phone", "[removed]", "17");
  EXPECT_EQ(s.totals().foreign, 1U);
  s.acks("m", "17");
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m bob/phone"));
  EXPECT_EQ(s.totals().delivered, 1U);
  EXPECT_EQ(s.totals().foreign, 0U);
}

TEST(Live, TextOfOthersIsForeign) {
  live_story s;
  s.at(0).opens("bob/phone").shows_text("bob/phone", "hello", "5");
  EXPECT_EQ(s.seen.what, seen_as::foreign);
  EXPECT_EQ(s.totals().foreign, 1U);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Live, ARefusedMessageMustNotCome) {
  live_story s;
  s.at(0).opens("bob/phone").posts("early").shows("bob/phone", "early").refuses("early");
  s.posts("late").refuses("late").at(50'000).shows("bob/phone", "late");
  EXPECT_THAT(s.findings(),
              ElementsAre("refused but delivered early bob/phone", "refused but delivered late bob/phone"));
}

TEST(Live, ARetryMayDeliverButOwesNothing) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").at(5'000).fails("m").retries("m").at(5'100).acks("m", "", 2);
  s.at(16'000).drains();
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().acked_by_retry, 1U);
  EXPECT_EQ(s.totals().owed, 0U);
  s.shows("bob/phone", "m");
  EXPECT_EQ(s.seen.what, seen_as::first);
  s.shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m bob/phone"));
}

TEST(Live, BehindALaterMessageItIsReordered) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").posts("n").acks("m").acks("n").shows("bob/phone", "n").shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m bob/phone"));
  EXPECT_EQ(s.book.findings()[0].basis, order_basis::id);
  EXPECT_EQ(s.totals().ordered_by[0], 1U);
}

TEST(Live, IdsThatAreNoNumbersAreOrderedByTheirPosts) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").acks("m", "x7").at(10).posts("n").acks("n", "b2");
  s.shows("bob/phone", "n").shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("reordered m bob/phone"));
  EXPECT_EQ(s.book.findings()[0].basis, order_basis::sequence);
}

TEST(Live, FindingsOfDifferentClassesAndChatsAreCountedApart) {
  live::findings_book book({});
  for (std::size_t kind = 0; kind < finding_classes; ++kind) {
    for (std::uint32_t chat = 0; chat < 100; ++chat) {
      for (int times = 0; times < 2; ++times) {
        live_finding found;
        found.kind = static_cast<finding_class>(kind);
        found.message = {chat_id{chat}, user_id{3}, 1};
        found.socket = 1;
        book.add(found);
      }
    }
  }
  for (std::size_t kind = 0; kind < finding_classes; ++kind) {
    EXPECT_EQ(book.counts().findings[kind], 100U) << name(static_cast<finding_class>(kind));
  }
}

TEST(Live, TheEndOfTheDrainMakesAllDue) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").acks("m").at(3'000);
  s.book.finish_drain(std::chrono::milliseconds(3'000));
  EXPECT_THAT(s.findings(), ElementsAre("lost m bob/phone"));
}

TEST(Live, TheConclusionLeavesNothingOpen) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m").acks("m").posts("n");
  s.book.conclude(std::chrono::milliseconds(3'000));
  EXPECT_THAT(s.uncertain(), ElementsAre("m bob/phone"));
  EXPECT_EQ(s.totals().unknown, 1U);
}

TEST(Live, AHandleThatIsOverIsAMistakeAndItsSlotServesAgain) {
  live_story s;
  s.at(0).opens("bob/phone").leaves("bob/phone");
  EXPECT_THROW(s.ready("bob/phone"), std::out_of_range);
  s.opens("bob/tablet");
  EXPECT_EQ(s.socket("bob/tablet").slot, s.socket("bob/phone").slot);
  EXPECT_THROW(s.shows_text("bob/phone", "hello"), std::out_of_range);
  EXPECT_THROW(s.book.next_message(chat_id{8}, user_id{10}), std::out_of_range);
  EXPECT_THROW(s.book.next_message(chat_id{5}, user_id{12}), std::out_of_range);
}

}  // namespace
}  // namespace ledger

// What a target declares as its exceptions, a broadcast and a warm-up, in the live ledger.
#include "harness/ledger/live/test/live_story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

rules broadcasting() {
  rules out;
  out.everyone_receives = true;
  return out;
}

rules warming_up(int span) {
  rules out;
  out.warm_up = std::chrono::milliseconds(span);
  return out;
}

TEST(LiveEveryone, ABystandersFrameIsCountedAndForgotten) {
  live_story s(broadcasting());
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m").shows("carol/phone", "m");
  EXPECT_EQ(s.seen.what, seen_as::overheard);
  s.acks("m").shows("bob/phone", "m").shows("carol/phone", "m").at(200).shows("carol/phone", "m");
  EXPECT_EQ(s.seen.what, seen_as::overheard);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().broadcast, 3U);
  EXPECT_EQ(s.totals().owed, 1U);
  EXPECT_EQ(s.book.in_flight(), 0U);
}

TEST(LiveEveryone, WithoutTheDeclarationItIsMisrouted) {
  live_story s;
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m").shows("carol/phone", "m").acks("m");
  s.shows("bob/phone", "m").posts("n").acks("n").shows("bob/phone", "n").shows("carol/phone", "n");
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m carol/phone", "misrouted n carol/phone"));
  EXPECT_EQ(s.totals().broadcast, 0U);
}

TEST(LiveEveryone, TheRecipientIsOwedTheMessageOnce) {
  live_story s(broadcasting());
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m").acks("m").posts("n").acks("n");
  s.shows("carol/phone", "m").shows("carol/phone", "n").shows("bob/phone", "n").shows("bob/phone", "n");
  s.at(10'200).drains();
  EXPECT_THAT(s.findings(), ElementsAre("duplicated n bob/phone", "lost m bob/phone"));
}

TEST(LiveEveryone, TheSendersOwnSocketIsAsTheEchoSays) {
  live_story s(broadcasting());
  s.at(0).opens("alice/desk").at(100).posts("m").acks("m").shows("alice/desk", "m");
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m alice/desk"));
}

TEST(LiveEveryone, WhatIsRefusedAfterwardsReachesNobody) {
  live_story s(broadcasting());
  s.at(0).opens("carol/phone").opens("carol/desk").at(100).posts("m").shows("carol/phone", "m");
  s.shows("carol/desk", "m").at(110).refuses("m");
  EXPECT_THAT(s.findings(), ElementsAre("refused but delivered m carol/phone"));  // the first stands for all
  s.at(120).shows("carol/desk", "m");
  EXPECT_THAT(s.findings(), ElementsAre("refused but delivered m carol/desk", "refused but delivered m carol/phone"));
}

TEST(LiveEveryone, AMessageOfAnotherWorkerIsCounted) {
  live_story s(broadcasting());
  live_ledger other("test1", broadcasting(), {100, 2, 50, 1});
  other.chat(chat_id{50}, user_id{100}, user_id{101});
  const auto key = other.next_message(chat_id{50}, user_id{100});
  s.at(0).opens("carol/phone").at(100).shows_text("carol/phone", other.body(key, {}, ""), "9");
  EXPECT_EQ(s.seen.what, seen_as::overheard);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().broadcast, 1U);
}

TEST(LiveEveryone, AGhostIsFoundAtABystander) {
  live_story s(broadcasting());
  s.at(0).opens("carol/phone").at(100);
  s.shows_text("carol/phone", s.book.body({chat_id{5}, user_id{10}, 77}, {}, ""), "9");
  EXPECT_EQ(s.book.counts().of(finding_class::phantom), 1U);
}

TEST(LiveWarmUp, WhatIsMissedWithinItIsNotLost) {
  live_story s(warming_up(200));
  s.at(0).opens("bob/phone").at(199).posts("m").acks("m").at(200).posts("n").acks("n").at(10'500).drains();
  EXPECT_THAT(s.findings(), ElementsAre("lost n bob/phone"));
  EXPECT_THAT(s.missed_in_warm_up(), ElementsAre("m bob/phone"));
  EXPECT_EQ(s.totals().missed_in_warm_up, 1U);
  EXPECT_EQ(s.totals().owed, 1U);
  s.at(11'000).leaves("bob/phone");
  EXPECT_EQ(s.totals().missed_in_warm_up, 1U);
  EXPECT_EQ(s.book.in_flight(), 0U);
}

TEST(LiveWarmUp, WhatComesAfterAllIsDelivered) {
  live_story s(warming_up(200));
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(10'500).drains().at(10'600).shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.missed_in_warm_up(), IsEmpty());
  EXPECT_EQ(s.totals().missed_in_warm_up, 0U);
  EXPECT_EQ(s.totals().owed, 1U);
  EXPECT_EQ(s.totals().delivered, 1U);
}

TEST(LiveWarmUp, ALaterMessageProvesNoLossWithinIt) {
  live_story s(warming_up(200));
  s.at(0).opens("bob/phone").at(100).posts("m").acks("m").at(300).posts("n").acks("n").shows("bob/phone", "n");
  s.at(400).leaves("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.missed_in_warm_up(), ElementsAre("m bob/phone"));
}

TEST(LiveWarmUp, ExcusesNoDuplicateAndNoStray) {
  live_story s(warming_up(200));
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m").acks("m");
  s.shows("bob/phone", "m").shows("bob/phone", "m").shows("carol/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m bob/phone", "misrouted m carol/phone"));
}

}  // namespace
}  // namespace ledger

// A target that broadcasts each message to everybody who is connected, as it declares.
#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

story broadcasting() {
  story s;
  s.rules.everyone_receives = true;
  return s;
}

TEST(Everyone, ABystandersFrameIsCountedAndNoFinding) {
  auto s = broadcasting();
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m1").acks("m1");
  s.shows("bob/phone", "m1").shows("carol/phone", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.broadcast, 1U);
  EXPECT_EQ(s.judge().counts.forbidden_checked, 0U);
  s.rules.everyone_receives = false;
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 carol/phone"));
  EXPECT_EQ(s.judge().counts.broadcast, 0U);
}

TEST(Everyone, TheRecipientIsOwedTheMessageOnce) {
  auto s = broadcasting();
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m1").acks("m1").posts("m2").acks("m2");
  s.shows("carol/phone", "m1").shows("carol/phone", "m2").shows("bob/phone", "m2").shows("bob/phone", "m2");
  EXPECT_THAT(s.findings(), UnorderedElementsAre("lost m1 bob/phone", "duplicated m2 bob/phone"));
}

TEST(Everyone, ABystandersFrameProvesNothingAboutTheRecipient) {
  auto s = broadcasting();
  s.at(0).opens("bob/phone").opens("carol/phone").at(100).posts("m1").acks("m1").posts("m2").acks("m2");
  s.shows("carol/phone", "m1").shows("carol/phone", "m2").at(200).ends("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), UnorderedElementsAre("m1 bob/phone", "m2 bob/phone"));
}

TEST(Everyone, TheSendersOwnSocketIsAsTheEchoSays) {
  auto s = broadcasting();
  s.at(0).opens("alice/desk").at(100).posts("m1").acks("m1").shows("alice/desk", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 alice/desk"));
  s.rules.echo_allowed = true;
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.broadcast, 0U);
}

TEST(Everyone, WhatWasRefusedReachesNobody) {
  auto s = broadcasting();
  s.at(0).opens("carol/phone").at(100).posts("m1").shows("carol/phone", "m1").at(110).refuses("m1");
  EXPECT_THAT(s.findings(), ElementsAre("refused but delivered m1 carol/phone"));
}

TEST(Everyone, WhatWasNeverSentOrIsDamagedIsFoundAtABystander) {
  auto s = broadcasting();
  s.at(0).opens("carol/phone").declares("ghost").at(100).posts("m1").acks("m1", "7");
  s.shows("carol/phone", "ghost").shows_damaged("carol/phone", "m1", "7");
  EXPECT_THAT(s.findings(), UnorderedElementsAre("phantom ghost carol/phone", "corrupted m1 carol/phone"));
}

TEST(Everyone, ABystanderIsHeldToNoOrderNumberOrTime) {
  auto s = broadcasting();
  s.at(0).opens("carol/phone").at(100).posts("m1").acks("m1").posts("m2").acks("m2");
  s.shows("carol/phone", "m2").shows("carol/phone", "m1").shows("carol/phone", "m1");
  s.at(50'000).opens("carol/desk").at(50'100).shows("carol/desk", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.broadcast, 4U);
}

}  // namespace
}  // namespace ledger

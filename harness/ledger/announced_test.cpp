#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// bob's phone ready at 10, m1 sent at 100 and acknowledged at 120: what the stories below begin with.
story announced_message() {
  story s;
  s.at(0).starts("bob/phone").at(10).ready("bob/phone").at(100).posts("m1").at(120).acks("m1");
  return s;
}

TEST(Announced, AMissingMessageBeforeADeclaredCloseCode) {
  auto s = announced_message();
  s.at(4'000).server_closes("bob/phone", 1012);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.announced(), ElementsAre("m1 bob/phone"));
  EXPECT_EQ(s.judge().counts.announced, 1U);
  EXPECT_EQ(s.judge().counts.uncertain, 0U);
}

TEST(Announced, EvenWhenALaterOneCame) {
  auto s = announced_message();
  s.at(200).posts("m2").acks("m2").shows("bob/phone", "m2").at(4'000).server_closes("bob/phone", 1013);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.announced(), ElementsAre("m1 bob/phone"));
}

TEST(Announced, NotByOtherCodesNorByOurOwnClose) {
  for (const bool by_us : {true, false}) {
    auto s = announced_message();
    s.at(200).posts("m2").acks("m2").shows("bob/phone", "m2").at(4'000);
    by_us ? s.ends("bob/phone", ending::closed_by_us, 1012) : s.server_closes("bob/phone", 1001);
    EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  }
}

TEST(Announced, OnlyTheCodesThatAreDeclared) {
  auto s = announced_message();
  s.rules.announcing_close_codes = {4000};
  s.at(4'000).server_closes("bob/phone", 1012);
  EXPECT_THAT(s.announced(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(Announced, OnlyWithinTheDeadline) {
  auto s = announced_message();
  s.at(10'120).drains("bob/phone").at(10'121).server_closes("bob/phone", 1012);
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  auto at_the_deadline = announced_message();
  at_the_deadline.at(10'120).server_closes("bob/phone", 1012);
  EXPECT_THAT(at_the_deadline.announced(), ElementsAre("m1 bob/phone"));
}

TEST(Announced, ReadAfterASleepItIsUncertain) {
  auto s = announced_message();
  s.at(200).posts("m2").acks("m2").at(30'000).shows("bob/phone", "m2").server_closes("bob/phone", 1012);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/phone"));
}

TEST(Announced, WhatCameIsDelivered) {
  auto s = announced_message();
  s.at(130).shows("bob/phone", "m1").at(4'000).server_closes("bob/phone", 1012);
  EXPECT_EQ(s.judge().counts.announced, 0U);
  EXPECT_EQ(s.judge().counts.delivered, 1U);
}

TEST(Announced, MustBeInHistory) {
  auto s = announced_message();
  s.at(4'000).server_closes("bob/phone", 1012).at(5'000).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history m1 history"));
}

}  // namespace
}  // namespace ledger

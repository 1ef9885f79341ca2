#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// bob's phone ready at 10, m1 sent at 100 and acknowledged at 120: what the stories below begin with.
story message_with_id() {
  story s;
  s.at(0).starts("bob/phone").at(10).ready("bob/phone").at(100).posts("m1").at(120).acks("m1");
  return s;
}

TEST(Damage, ADamagedArrivalIsNotALoss) {
  auto s = message_with_id();
  s.at(130).shows_damaged("bob/phone", "m1").at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m1 bob/phone"));
  EXPECT_EQ(s.judge().counts.delivered, 1U);
}

TEST(Damage, TextThatIsNotOursUnderOurIdIsDamage) {
  auto s = message_with_id();
  s.at(130).shows_foreign("bob/phone", "1").at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m1 bob/phone"));
  EXPECT_EQ(s.judge().counts.foreign, 0U);
}

TEST(Damage, TheIdTellsWhichMessageADamagedTagWas) {
  auto s = message_with_id();
  s.at(130).posts("m2").acks("m2").at(140).shows_damaged("bob/phone", "m2", "1").at(150).shows("bob/phone", "m2");
  s.at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("corrupted m1 bob/phone"));
}

TEST(Damage, ADamagedTagAloneAccusesOfNothingElse) {
  auto s = message_with_id();
  s.at(0).opens("carol/phone").at(130).shows("bob/phone", "m1").shows_damaged("bob/phone", "m1");
  s.shows_damaged("carol/phone", "m1").at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), UnorderedElementsAre("corrupted m1 bob/phone", "corrupted m1 carol/phone"));
}

TEST(Damage, OfATagThatWasNeverSent) {
  story s;
  s.at(0).opens("bob/phone").declares("ghost").at(100).shows_damaged("bob/phone", "ghost");
  EXPECT_THAT(s.findings(), ElementsAre("corrupted ghost bob/phone"));
}

TEST(IdAlone, AnEventWithoutTextIsFoundByItsId) {
  auto s = message_with_id();
  s.at(130).shows_id("bob/phone", "1").at(140).shows_id("bob/phone", "77").at(20'000).drains("bob/phone");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.delivered, 1U);
  EXPECT_EQ(s.judge().counts.foreign, 1U);
}

TEST(IdAlone, MayComeBeforeTheAnswerThatNamesTheId) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").at(105).shows_id("bob/phone", "abc").at(120).acks("m1", "abc");
  s.at(130).shows_id("bob/phone", "abc");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m1 bob/phone"));
}

TEST(IdAlone, AnIdThatTwoMessagesClaimSaysNothing) {
  story s;
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1", "1").posts("c1", "carol", "bob").acks("c1", "1");
  s.at(130).shows_foreign("bob/phone", "1");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.foreign, 1U);
}

}  // namespace
}  // namespace ledger

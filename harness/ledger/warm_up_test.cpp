// A target whose sockets may miss messages for a declared time after ready.
#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

story warming_up(int span) {
  story s;
  s.rules.warm_up = std::chrono::milliseconds(span);
  return s;
}

TEST(WarmUp, WhatIsMissedWithinItStandsByItsName) {
  auto s = warming_up(200);
  s.at(0).opens("bob/phone").at(199).posts("m1").acks("m1").at(300).posts("m2").acks("m2").shows("bob/phone", "m2");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.missed_in_warm_up(), ElementsAre("m1 bob/phone"));
  EXPECT_THAT(s.uncertain(), IsEmpty());
  const auto counts = s.judge().counts;
  EXPECT_EQ(counts.missed_in_warm_up, 1U);
  EXPECT_EQ(counts.owed, 1U);
  s.rules.warm_up = {};
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
}

TEST(WarmUp, WhatIsSentAtItsEndIsOwed) {
  auto s = warming_up(200);
  s.at(0).opens("bob/phone").at(200).posts("m1").acks("m1").at(10'200).drains("bob/phone");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  EXPECT_THAT(s.missed_in_warm_up(), IsEmpty());
}

TEST(WarmUp, EachSocketHasItsOwn) {
  auto s = warming_up(200);
  s.at(0).opens("bob/phone").at(5'000).opens("bob/desk").at(5'100).posts("m1").acks("m1");
  s.at(16'000).drains("bob/phone").drains("bob/desk");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/phone"));
  EXPECT_THAT(s.missed_in_warm_up(), ElementsAre("m1 bob/desk"));
}

TEST(WarmUp, WhatComesIsDeliveredAndNeverLate) {
  auto s = warming_up(200);
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(11'000).drains("bob/phone").shows("bob/phone", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.missed_in_warm_up(), IsEmpty());
  EXPECT_EQ(s.judge().counts.delivered, 1U);
}

TEST(WarmUp, ExcusesNoDuplicateNoStrayAndNoReplay) {
  auto s = warming_up(200);
  s.at(0).posts("old").acks("old").at(100).opens("bob/phone").opens("carol/phone").at(150).posts("m1").acks("m1");
  s.shows("bob/phone", "m1").shows("bob/phone", "m1").shows("carol/phone", "m1").shows("bob/phone", "old");
  EXPECT_THAT(s.findings(),
              UnorderedElementsAre("duplicated m1 bob/phone", "misrouted m1 carol/phone", "replayed old bob/phone"));
}

TEST(WarmUp, AnAnnouncedLossStaysOne) {
  auto s = warming_up(200);
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(300).server_closes("bob/phone", 1012);
  EXPECT_THAT(s.announced(), ElementsAre("m1 bob/phone"));
  EXPECT_THAT(s.missed_in_warm_up(), IsEmpty());
}

TEST(WarmUp, ASocketThatEndsEarlyMissedItThere) {
  auto s = warming_up(200);
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(300).posts("m2").acks("m2").at(310).ends("bob/phone");
  EXPECT_THAT(s.missed_in_warm_up(), ElementsAre("m1 bob/phone"));
  EXPECT_THAT(s.uncertain(), ElementsAre("m2 bob/phone"));
}

TEST(WarmUp, DoesNotExcuseHistory) {
  auto s = warming_up(200);
  s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(300).walks("bob", "alice", {});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history m1 history"));
}

}  // namespace
}  // namespace ledger

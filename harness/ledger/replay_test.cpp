#include "harness/ledger/test/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// m1 missed by bob, who was away; his phone opens at 1000.
story missed() {
  story s;
  s.rules.offline = offline_policy::replay;
  s.at(100).posts("m1").at(120).acks("m1").at(1'000).opens("bob/a");
  return s;
}

TEST(Replay, OnceOnTheNextReadySocket) {
  auto s = missed();
  s.at(1'100).shows("bob/a", "m1").at(20'000).drains("bob/a");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.judge().counts.owed, 1U);
  EXPECT_EQ(s.judge().counts.delivered, 1U);
}

TEST(Replay, NotAtAllIsLost) {
  auto s = missed();
  s.at(10'999).drains("bob/a");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/a"));
  s.at(11'000).drains("bob/a");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/a"));
}

TEST(Replay, TwiceIsDuplicated) {
  auto s = missed();
  s.at(1'100).shows("bob/a", "m1").shows("bob/a", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m1 bob/a"));
}

TEST(Replay, NeverAgain) {
  auto s = missed();
  s.at(1'100).shows("bob/a", "m1").at(1'200).ends("bob/a").at(1'300).opens("bob/b").shows("bob/b", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m1 bob/b"));
}

TEST(Replay, WhatCameLiveIsNotReplayed) {
  story s;
  s.rules.offline = offline_policy::replay;
  s.at(0).opens("bob/a").at(100).posts("m1").acks("m1").shows("bob/a", "m1").at(200).ends("bob/a");
  s.at(300).opens("bob/b").shows("bob/b", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("replayed m1 bob/b"));
}

TEST(Replay, ASocketThatEndedEarlyIsUncertainAndTheNextMayHaveIt) {
  auto s = missed();
  s.at(1'010).ends("bob/a").at(1'300).opens("bob/b").shows("bob/b", "m1").at(30'000).drains("bob/b");
  EXPECT_THAT(s.findings(), IsEmpty());
  story never = missed();
  never.at(1'010).ends("bob/a").at(1'300).opens("bob/b").at(30'000).drains("bob/b");
  EXPECT_THAT(never.findings(), IsEmpty());
  EXPECT_THAT(never.uncertain(), ElementsAre("m1 bob/a"));
}

TEST(Replay, ASocketThatNeverBecameReadyMayHaveHadIt) {
  for (const bool refused : {true, false}) {
    story s;
    s.rules.offline = offline_policy::replay;
    s.at(100).posts("m1").at(120).acks("m1").at(900).starts("bob/x");
    s.at(950)
        .ends("bob/x", refused ? ending::refused : ending::failed)
        .at(1'000)
        .opens("bob/a")
        .at(30'000)
        .drains("bob/a");
    EXPECT_EQ(s.findings().size(), refused ? 1U : 0U);
  }
}

TEST(Replay, OnlyWhoWasAwayForCertainMissedIt) {
  for (const auto how : {ending::closed_by_us, ending::closed_by_peer, ending::failed, ending::end_of_file}) {
    for (const long ended : {99, 51, 50, 49}) {
      story s;
      s.rules.offline = offline_policy::replay;
      s.rules.settle = std::chrono::milliseconds(50);
      s.at(0).opens("bob/x").at(ended).ends("bob/x", how).at(100).posts("m1").at(120).acks("m1");
      s.at(1'000).opens("bob/a").at(30'000).drains("bob/a");
      const bool away = ended < 50 && (how == ending::closed_by_us || how == ending::closed_by_peer);
      EXPECT_EQ(s.findings().size(), away ? 1U : 0U) << ended;
    }
  }
}

TEST(Replay, TwoSocketsAtOnceMayBothHaveIt) {
  auto s = missed();
  s.at(1'000).opens("bob/b").at(1'100).shows("bob/a", "m1").shows("bob/b", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Replay, OrOnlyTheOther) {
  auto s = missed();
  s.at(1'000).opens("bob/b").at(1'100).shows("bob/b", "m1").at(30'000).drains("bob/a").drains("bob/b");
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Replay, ALaterLiveMessageDoesNotProveItLost) {
  auto s = missed();
  s.at(1'100).posts("m2").acks("m2").shows("bob/a", "m2").at(1'200).shows("bob/a", "m1");
  EXPECT_THAT(s.findings(), IsEmpty());
  auto early = missed();
  early.at(1'100).posts("m2").acks("m2").shows("bob/a", "m2").at(1'200).ends("bob/a");
  EXPECT_THAT(early.findings(), IsEmpty());
  EXPECT_THAT(early.uncertain(), ElementsAre("m1 bob/a"));
}

TEST(Replay, WhoMayHaveBeenConnectedDidNotMissIt) {
  story s;
  s.rules.offline = offline_policy::replay;
  s.at(0).opens("bob/a").at(100).posts("m1").at(110).ends("bob/a").at(120).acks("m1").at(1'000).opens("bob/b");
  s.at(30'000).drains("bob/b");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_THAT(s.uncertain(), ElementsAre("m1 bob/a"));
}

TEST(Replay, LiveLossIsStillALoss) {
  story s;
  s.rules.offline = offline_policy::replay;
  s.at(0).opens("bob/a").at(100).posts("m1").acks("m1").at(10'100).drains("bob/a");
  EXPECT_THAT(s.findings(), ElementsAre("lost m1 bob/a"));
}

TEST(Replay, StillNobodyElses) {
  auto s = missed();
  s.at(1'100).opens("carol/a").shows("carol/a", "m1");
  EXPECT_THAT(s.findings(), ElementsAre("misrouted m1 carol/a"));
}

TEST(Replay, OneAfterTheOtherWithoutDelivery) {
  auto s = missed();
  s.at(1'050).shows("bob/a", "m1").at(1'060).ends("bob/a").at(2'000).opens("bob/b").at(30'000).drains("bob/b");
  EXPECT_THAT(s.findings(), IsEmpty());
}

}  // namespace
}  // namespace ledger

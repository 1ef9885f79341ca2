// Small stories about history: most of what is asked for was settled long before the walk.
#include "harness/ledger/live/sequence_set.hpp"
#include "harness/ledger/live/settled_runs.hpp"
#include "harness/ledger/live/test/live_story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

live_story three_delivered() {
  live_story s;
  s.at(0).opens("bob/phone");
  for (const char* const one : {"a", "b", "c"}) {
    s.at(100).posts(one).acks(one).shows("bob/phone", one);
  }
  EXPECT_EQ(s.book.in_flight(), 0U);
  return s;
}

TEST(LiveHistory, AWholeWalkHoldsWhatWasAcknowledged) {
  auto s = three_delivered();
  s.at(200).walks("alice", "alice", "bob", {"a", "b", "c"});
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().in_history_checked, 3U);
  EXPECT_EQ(s.totals().in_history_unjudged, 0U);
  EXPECT_EQ(s.totals().walks, 1U);
}

TEST(LiveHistory, ASettledMessageCanBeMissing) {
  auto s = three_delivered();
  s.at(200).walks("bob", "alice", "bob", {"a", "c"});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history b"));
  EXPECT_EQ(s.book.findings()[0].user, live_story::user("bob"));
}

TEST(LiveHistory, ACatchUpShowsNothingMissing) {
  auto s = three_delivered();
  s.at(200).walks("bob", "alice", "bob", {"c"}, false);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().in_history_unjudged, 3U);
}

TEST(LiveHistory, AStrangersWalkIsHeldToNothingButMayShowNothingOfOurs) {
  auto s = three_delivered();
  s.at(200).walks("carol", "alice", "bob", {});
  EXPECT_THAT(s.findings(), IsEmpty());
  s.at(300).walks("carol", "alice", "bob", {"a"});
  EXPECT_THAT(s.findings(), ElementsAre("misrouted a"));
}

TEST(LiveHistory, TwiceInOneWalkIsRepeated) {
  auto s = three_delivered();
  s.at(200).walks("bob", "alice", "bob", {"a", "b", "b", "c"}).walks("bob", "alice", "bob", {"a", "b", "b", "c"});
  EXPECT_EQ(s.book.counts().of(finding_class::repeated_in_history), 1U);
}

TEST(LiveHistory, WhereWalksMayShiftOnlyQuietOnesAreHeldToAnything) {
  rules declared;
  declared.walks_are_stable = false;
  live_story s(declared);
  s.at(0).posts("a").acks("a").posts("b");
  s.at(10).walks("bob", "alice", "bob", {"a", "a"});
  EXPECT_THAT(s.findings(), IsEmpty());
  s.acks("b").at(20).walks("bob", "alice", "bob", {"a", "a"});
  EXPECT_THAT(s.findings(), ElementsAre("missing from history b", "repeated in history a"));
}

TEST(LiveHistory, ARefusedMessageMustNotBeStored) {
  live_story s;
  s.at(0).posts("early").at(1).walks("bob", "alice", "bob", {"early"}).refuses("early").posts("late").refuses("late");
  s.at(100).walks("bob", "alice", "bob", {"late"});
  EXPECT_THAT(s.findings(), ElementsAre("refused but stored early", "refused but stored late"));
}

TEST(LiveHistory, AnUnknownMessageMayBeThereOrNotUnlessItWasDelivered) {
  live_story s;
  s.at(0).opens("bob/phone").posts("never").fails("never").posts("shown").shows("bob/phone", "shown").fails("shown");
  s.at(100).walks("bob", "alice", "bob", {});
  EXPECT_THAT(s.findings(), ElementsAre("delivered but not stored shown"));
  live_story t;
  t.at(0).opens("bob/phone").posts("shown").shows("bob/phone", "shown").fails("shown").at(20'000).drains();
  ASSERT_EQ(t.book.in_flight(), 0U);
  t.walks("bob", "alice", "bob", {});
  EXPECT_THAT(t.findings(), ElementsAre("delivered but not stored shown"));
}

TEST(LiveHistory, ARowOfWhatWasNeverSentIsAPhantom) {
  auto s = three_delivered();
  const auto walk = s.book.walk_begun(instant{}, live_story::user("bob"), chat_id{5}, false);
  s.book.walk_row(instant{}, walk, "9", write_tag({"test1", 5, 10, 4, {}}, "hello"));
  s.book.walk_row(instant{}, walk, "9", write_tag({"test1", 6, 12, 1, {}}, "hello"));
  s.book.walk_failed(instant{}, walk);
  EXPECT_THAT(s.findings(), ElementsAre("phantom ?", "phantom ?"));
  EXPECT_THROW(s.book.walk_completed(instant{}, walk), std::out_of_range);
}

TEST(LiveHistory, WhatIsAcknowledgedDuringAWalkIsNotHeldToIt) {
  live_story s;
  s.at(0).opens("bob/phone").posts("m");
  const auto walk = s.book.walk_begun(instant{}, live_story::user("bob"), chat_id{5}, true);
  s.at(10).acks("m").shows("bob/phone", "m");
  s.book.walk_completed(std::chrono::milliseconds(20), walk);
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().in_history_unjudged, 1U);
  EXPECT_EQ(s.book.in_flight(), 0U);
}

TEST(SettledRuns, NeighboursJoinAndPart) {
  using live::remains;
  live::settled_runs runs;
  for (const std::uint32_t sequence : {5U, 3U, 4U, 7U}) {
    runs.add(sequence, remains::refused);
  }
  EXPECT_EQ(runs.runs(), 2U);
  EXPECT_EQ(runs.not_acked(), 4U);
  runs.add(6, remains::forgotten);
  EXPECT_EQ(runs.not_acked(), 4U);
  EXPECT_EQ(runs.of(6), remains::forgotten);
  runs.remove(4);
  EXPECT_EQ(runs.of(4), remains::nothing);
  EXPECT_EQ(runs.of(3), remains::refused);
  EXPECT_EQ(runs.of(5), remains::refused);
  EXPECT_EQ(runs.not_acked(), 3U);
  runs.add(5, remains::unknown);
  EXPECT_EQ(runs.of(5), remains::unknown);
}

TEST(SequenceSet, GrowsToBothSides) {
  live::sequence_set set;
  EXPECT_FALSE(set.contains(1'000));
  EXPECT_TRUE(set.insert(1'000));
  EXPECT_TRUE(set.insert(10));
  EXPECT_TRUE(set.insert(2'000));
  EXPECT_FALSE(set.insert(1'000));
  EXPECT_TRUE(set.contains(10) && set.contains(1'000) && set.contains(2'000));
  EXPECT_FALSE(set.contains(11) || set.contains(5'000) || set.contains(0));
  EXPECT_LE(set.bytes(), 256U);
}

}  // namespace
}  // namespace ledger

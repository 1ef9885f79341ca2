// The live ledger on recipients who are not there, or just coming or going, when a message is sent.
#include "harness/ledger/live/test/live_story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Live, NobodyThereIsOffline) {
  live_story s;
  s.at(0).opens("bob/phone").leaves("bob/phone").at(100).posts("m").acks("m").at(200).opens("bob/phone");
  EXPECT_EQ(s.book.counts().offline, 1U);
  EXPECT_EQ(s.book.counts().coming_or_going, 0U);
  EXPECT_EQ(s.totals().owed, 0U);
}

// A message is owed to a socket that was ready before its POST, and forbidden on one that was begun after its answer.
// To those in between it may come, once: it is neither lost nor "offline, not pushed".
TEST(Live, WhoIsJustComingOrGoingMayHaveItOnce) {
  using step = void (*)(live_story&);
  const std::vector<std::pair<step, step>> sockets{
      {[](live_story& s) { s.starts("bob/phone"); }, [](live_story& s) { s.ready("bob/phone"); }},
      {[](live_story& s) { s.starts("bob/phone"); }, [](live_story&) {}},
      {[](live_story&) {}, [](live_story& s) { s.opens("bob/phone"); }},
      {[](live_story&) {}, [](live_story& s) { s.starts("bob/phone"); }},
      {[](live_story& s) { s.opens("bob/phone").ends("bob/phone"); }, [](live_story&) {}}};
  for (const auto& [before_post, before_answer] : sockets) {
    for (const int copies : {0, 1, 2}) {
      for (const bool before : {true, false}) {
        live_story s;
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
        s.at(20'000).drains().goes("bob/phone");
        EXPECT_EQ(s.findings(),
                  copies > 1 ? std::vector<std::string>{"duplicated m bob/phone"} : std::vector<std::string>{});
        EXPECT_THAT(s.uncertain(), IsEmpty());
        EXPECT_EQ(s.totals().owed + s.totals().delivered, 0U);
        EXPECT_EQ(s.book.counts().offline, 0U);
        EXPECT_EQ(s.book.counts().coming_or_going, 1U);
        EXPECT_EQ(s.book.in_flight(), 0U);
      }
    }
  }
}

TEST(Live, WhoIsConnectedOnAnotherDeviceIsNotJustComing) {
  live_story s;
  s.at(0).opens("bob/desk").at(100).posts("m").opens("bob/phone").acks("m").shows("bob/desk", "m");
  s.at(20'000).drains();
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.totals().owed, 1U);
  EXPECT_EQ(s.book.counts().coming_or_going + s.book.counts().offline, 0U);
}

// A socket that was opened and over while the answer was awaited shows no more, but what it showed was pushed.
TEST(Live, ASocketThatCameAndWentHadIt) {
  live_story s;
  s.at(0).posts("m").opens("bob/phone").shows("bob/phone", "m", "1").leaves("bob/phone").at(100).acks("m");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.book.counts().offline, 0U);
  EXPECT_EQ(s.book.counts().coming_or_going, 1U);
}

TEST(Live, WhoComesWhileATargetSettlesMayHaveItOnce) {
  rules declared;
  declared.settle = std::chrono::milliseconds(500);
  live_story s(declared);
  s.at(0).posts("m").acks("m").at(500).opens("bob/phone");
  EXPECT_EQ(s.book.counts().offline, 1U);
  s.shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), IsEmpty());
  EXPECT_EQ(s.book.counts().offline, 0U);
  EXPECT_EQ(s.book.counts().coming_or_going, 1U);
  s.shows("bob/phone", "m");
  EXPECT_THAT(s.findings(), ElementsAre("duplicated m bob/phone"));
  EXPECT_EQ(s.book.counts().coming_or_going, 1U);
}

}  // namespace
}  // namespace ledger

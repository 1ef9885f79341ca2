// Each test is a course of a session, step by step, with a clock turned by hand.
#include "reference-server/socketio/session.hpp"

#include <gtest/gtest.h>

namespace socketio {
namespace {
using due = session::due;
using meaning = session::meaning;
using poll = session::poll;
using probe = session::probe;

constexpr engine_packet pong{packet_type::pong}, ping_probe{packet_type::ping, false, "probe"},
    upgrade{packet_type::upgrade}, text{packet_type::message, false, "x"};

struct Session : testing::Test {
  session_times times{
      .ping_interval = 30, .ping_timeout = 20, .upgrade_within = 10, .join_within = 15, .fetch_within = 5};
  session polling{session::carrier::polling, times, 100};
  session socket{session::carrier::websocket, times, 100};
  Session() {
    polling.set_joined(true, 100);
    socket.set_joined(true, 100);
  }
};

TEST_F(Session, PingsAfterTheIntervalAndDiesWithoutAPong) {
  EXPECT_EQ(socket.next_look(100), 130u);
  EXPECT_EQ(socket.look(129), due::nothing);
  EXPECT_EQ(socket.look(130), due::ping);
  EXPECT_EQ(socket.look(130), due::nothing);
  EXPECT_EQ(socket.next_look(130), 150u);
  EXPECT_EQ(socket.look(149), due::nothing);
  EXPECT_EQ(socket.look(150), due::dead);
}

TEST_F(Session, LivesAsLongAsItAnswersPings) {
  for (tick now = 130; now < 1000; now += 30) {
    ASSERT_EQ(socket.look(now), due::ping);
    EXPECT_EQ(socket.take(text), meaning::message);  // no pong
    EXPECT_EQ(socket.next_look(now), now + 20);
    EXPECT_EQ(socket.take(pong), meaning::nothing);
    EXPECT_EQ(socket.next_look(now), now + 30);
    ASSERT_EQ(socket.look(now + 29), due::nothing);
  }
}

TEST_F(Session, OtherTrafficIsNoPong) {
  ASSERT_EQ(polling.look(130), due::ping);
  EXPECT_EQ(polling.take(text), meaning::message);
  EXPECT_EQ(polling.poll_came(true), poll::answer);
  EXPECT_EQ(polling.look(150), due::dead);
}

TEST_F(Session, TellsWhatAPacketMeans) {
  EXPECT_EQ(socket.take(text), meaning::message);
  EXPECT_EQ(socket.take({packet_type::close}), meaning::end);
  EXPECT_EQ(socket.take({packet_type::ping}), meaning::fault);
  EXPECT_EQ(socket.take(ping_probe), meaning::fault);
  for (const auto type : {packet_type::open, packet_type::upgrade, packet_type::noop}) {
    EXPECT_EQ(socket.take({type}), meaning::nothing);
  }
}

TEST_F(Session, EndsWithoutANamespace) {
  session late(session::carrier::polling, times, 100);
  EXPECT_EQ(late.next_look(100), 115u);
  EXPECT_EQ(late.look(115), due::unjoined);
  late.set_joined(true, 115);
  EXPECT_EQ(late.look(115), due::nothing);
  late.set_joined(false, 120);
  EXPECT_EQ(late.look(134), due::ping);
  EXPECT_EQ(late.look(135), due::unjoined);
  times.join_within = 0;
  EXPECT_EQ(late.look(135), due::nothing);
}

TEST_F(Session, HoldsOnePollUntilSomethingIsDue) {
  EXPECT_EQ(polling.poll_came(true), poll::answer);
  EXPECT_FALSE(polling.poll_held());
  EXPECT_EQ(polling.poll_came(false), poll::hold);
  EXPECT_TRUE(polling.poll_held());
  EXPECT_EQ(polling.look(129), due::nothing);  // no upgrade: it is not released
  polling.poll_answered();
  EXPECT_EQ(polling.poll_came(false), poll::hold);
  EXPECT_EQ(polling.poll_came(false), poll::duplicate);
  EXPECT_EQ(socket.poll_came(true), poll::refuse);
}

TEST_F(Session, UpgradesAfterTheProbe) {
  EXPECT_EQ(polling.poll_came(false), poll::hold);
  EXPECT_TRUE(polling.candidate_came(101));
  EXPECT_EQ(polling.look(101), due::nothing);
  EXPECT_EQ(polling.take_from_candidate(ping_probe), probe::answer);
  EXPECT_EQ(polling.next_look(101), 102u);
  EXPECT_EQ(polling.look(102), due::release_poll);
  polling.poll_answered();
  EXPECT_EQ(polling.look(102), due::nothing);
  EXPECT_EQ(polling.carried_by(), session::carrier::polling);
  EXPECT_EQ(polling.take_from_candidate(upgrade), probe::upgraded);
  EXPECT_EQ(polling.carried_by(), session::carrier::websocket);
  EXPECT_EQ(polling.poll_came(false), poll::refuse);
  EXPECT_FALSE(polling.candidate_came(103));
  EXPECT_EQ(polling.look(120), due::nothing);
}

TEST_F(Session, ForgetsAPingThatWentOutBeforeTheUpgrade) {
  ASSERT_TRUE(polling.candidate_came(129));
  ASSERT_EQ(polling.take_from_candidate(ping_probe), probe::answer);
  ASSERT_EQ(polling.look(130), due::ping);
  ASSERT_EQ(polling.take_from_candidate(upgrade), probe::upgraded);
  EXPECT_EQ(polling.look(150), due::nothing);
  EXPECT_EQ(polling.look(160), due::ping);
  EXPECT_EQ(polling.look(180), due::dead);
}

TEST_F(Session, TakesNothingElseFromACandidate) {
  ASSERT_TRUE(polling.candidate_came(100));
  EXPECT_FALSE(polling.candidate_came(100));  // one at a time
  for (const auto& wrong : {upgrade, text, pong, engine_packet{packet_type::ping}}) {
    EXPECT_EQ(polling.take_from_candidate(wrong), probe::refuse);
  }
  polling.candidate_left();
  ASSERT_TRUE(polling.candidate_came(101));
  EXPECT_EQ(polling.take_from_candidate(ping_probe), probe::answer);
  EXPECT_EQ(polling.take_from_candidate(ping_probe), probe::refuse);
}

TEST_F(Session, DropsACandidateThatDoesNotUpgradeInTime) {
  ASSERT_TRUE(polling.candidate_came(100));
  ASSERT_EQ(polling.take_from_candidate(ping_probe), probe::answer);
  EXPECT_EQ(polling.next_look(100), 110u);
  EXPECT_EQ(polling.look(110), due::drop_candidate);
  EXPECT_EQ(polling.look(110), due::nothing);
  EXPECT_EQ(polling.take_from_candidate(upgrade), probe::refuse);
  EXPECT_EQ(polling.carried_by(), session::carrier::polling);
  EXPECT_TRUE(polling.candidate_came(111));
}

TEST_F(Session, TellsAPollingClientOfItsEndByTheNextPoll) {
  EXPECT_FALSE(socket.begin_close(120));
  EXPECT_TRUE(polling.begin_close(120));
  EXPECT_TRUE(polling.closing());
  EXPECT_FALSE(polling.candidate_came(120));
  EXPECT_EQ(polling.look(124), due::nothing);
  EXPECT_EQ(polling.next_look(120), 125u);
  EXPECT_EQ(polling.look(125), due::forget);
  EXPECT_EQ(polling.poll_came(false), poll::answer);
}

}  // namespace
}  // namespace socketio

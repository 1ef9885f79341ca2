#include "conformance/runner/circumstance.hpp"

#include <gtest/gtest.h>

namespace conformance {
namespace {

using ledger::finding_class;
using std::chrono::milliseconds;

/// Alice writes to Bob; times in milliseconds.
class circumstances : public testing::Test {
 protected:
  ledger::message_id send(int at, ledger::user_id from, ledger::user_id to) {
    const auto made = trace_.next_message(chat_, from);
    trace_.sent(milliseconds(at), made, to);
    return made;
  }
  void acked(int at, ledger::message_id which) {
    trace_.answered(milliseconds(at), which, ledger::outcome::acked, 201, "");
  }
  ledger::socket_id open(int at, ledger::user_id user) {
    const auto made = trace_.socket_started(milliseconds(at), user);
    trace_.socket_ready(milliseconds(at + 1), made);
    return made;
  }
  void end(int at, ledger::socket_id which, ledger::ending how = ledger::ending::closed_by_us) {
    trace_.socket_ended(milliseconds(at), which, how);
  }
  void arrives(int at, ledger::message_id which, ledger::socket_id on) {
    trace_.frame(milliseconds(at), on, "", {ledger::content::tagged, which});
  }
  circumstance of(finding_class kind, ledger::message_id message, std::optional<ledger::socket_id> socket = {},
                  std::optional<ledger::message_id> other = {}) {
    ledger::finding found;
    found.kind = kind;
    found.message = message;
    found.socket = socket;
    found.other = other;
    return surroundings(trace_).of(found);
  }

  ledger::trace trace_{"test"};
  ledger::chat_id chat_ = trace_.chat("1");
  ledger::user_id alice_ = trace_.user("alice");
  ledger::user_id bob_ = trace_.user("bob");
};

TEST_F(circumstances, a_loss_before_the_first_frame_is_right_after_ready) {
  const auto phone = open(0, bob_);
  const auto first = send(10, alice_, bob_);
  const auto second = send(20, alice_, bob_);
  EXPECT_EQ(of(finding_class::lost, first, phone), circumstance::any) << "nothing ever came: the socket may be dead";
  arrives(30, second, phone);
  const auto third = send(40, alice_, bob_);
  EXPECT_EQ(of(finding_class::lost, first, phone), circumstance::right_after_ready);
  EXPECT_EQ(of(finding_class::lost, third, phone), circumstance::any);
}

TEST_F(circumstances, a_loss_on_a_second_socket_tells_how_the_first_one_ended) {
  const auto old = open(0, bob_);
  end(5, old);
  const auto fresh = open(6, bob_);
  EXPECT_EQ(of(finding_class::lost, send(10, alice_, bob_), fresh), circumstance::after_reconnect);
  end(20, fresh, ledger::ending::failed);
  const auto last = open(21, bob_);
  EXPECT_EQ(of(finding_class::lost, send(30, alice_, bob_), last), circumstance::after_abort);
  const auto beside = open(31, bob_);
  EXPECT_EQ(of(finding_class::lost, send(40, alice_, bob_), beside), circumstance::many_devices);
}

TEST_F(circumstances, a_replay_is_told_by_what_had_become_of_the_message) {
  const auto missed = send(0, alice_, bob_);
  acked(1, missed);
  const auto next = open(10, bob_);
  EXPECT_EQ(of(finding_class::replayed, missed, next), circumstance::missed_before_connecting);
  const auto seen = send(20, alice_, bob_);
  arrives(21, seen, next);
  acked(22, seen);
  end(30, next);
  const auto later = open(40, bob_);
  EXPECT_EQ(of(finding_class::replayed, missed, later), circumstance::missed_long_before);
  EXPECT_EQ(of(finding_class::replayed, seen, later), circumstance::around_a_disconnect);
}

TEST_F(circumstances, order_is_another_matter_when_both_were_on_their_way) {
  const auto first = send(0, alice_, bob_);
  const auto second = send(1, alice_, bob_);
  acked(2, first);
  acked(3, second);
  const auto third = send(4, alice_, bob_);
  EXPECT_EQ(of(finding_class::reordered, first, {}, second), circumstance::in_flight_together);
  EXPECT_EQ(of(finding_class::reordered, first, {}, third), circumstance::one_after_another);
}

TEST_F(circumstances, who_gets_what_is_not_theirs_may_be_a_contact_or_the_sender) {
  const auto carol = trace_.user("carol");
  const auto phone = open(0, carol);
  const auto secret = send(10, alice_, bob_);
  EXPECT_EQ(of(finding_class::misrouted, secret, phone), circumstance::any);
  send(20, carol, alice_);
  EXPECT_EQ(of(finding_class::misrouted, secret, phone), circumstance::to_a_contact);
  const auto own = open(30, alice_);
  EXPECT_EQ(of(finding_class::misrouted, secret, own), circumstance::to_the_sender);
}

}  // namespace
}  // namespace conformance

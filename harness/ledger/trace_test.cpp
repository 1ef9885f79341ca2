#include "harness/ledger/trace.hpp"

#include "harness/ledger/presence.hpp"
#include "harness/ledger/rules.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace ledger {
namespace {

using std::chrono::milliseconds;

TEST(Trace, NamesGetNumbersInOrder) {
  trace t("run1");
  EXPECT_EQ(t.user("alice"), user_id{0});
  EXPECT_EQ(t.user("bob"), user_id{1});
  EXPECT_EQ(t.user("alice"), user_id{0});
  EXPECT_EQ(t.chat("42"), chat_id{0});
  EXPECT_EQ(t.name(user_id{1}), "bob");
  EXPECT_EQ(t.name(chat_id{0}), "42");
  EXPECT_EQ(t.name(chat_id{7}), "?");
}

TEST(Trace, BodiesAreRecognisedAgain) {
  trace t("run1");
  const auto chat = t.chat("42");
  const auto alice = t.user("alice");
  const auto first = t.next_message(chat, alice);
  const auto second = t.next_message(chat, alice);
  EXPECT_NE(first, second);
  EXPECT_EQ(t.key(second).sequence, 2U);
  const auto body = t.body(second, milliseconds(5), "hello");
  EXPECT_EQ(t.recognise(body).kind, content::tagged);
  EXPECT_EQ(t.recognise(body).message, second);
  EXPECT_EQ(t.recognise(body + "!").kind, content::damaged);
  EXPECT_EQ(t.recognise(body + "!").message, second);
  EXPECT_EQ(t.recognise("hello").kind, content::foreign);
  EXPECT_FALSE(t.recognise("hello").message);
  EXPECT_EQ(trace("run2").recognise(body).kind, content::foreign);
}

TEST(Trace, SequencesArePerChatAndSender) {
  trace t("run1");
  const auto a = t.next_message(t.chat("1"), t.user("alice"));
  const auto b = t.next_message(t.chat("1"), t.user("bob"));
  const auto c = t.next_message(t.chat("2"), t.user("alice"));
  for (const auto message : {a, b, c}) {
    EXPECT_EQ(t.key(message).sequence, 1U);
  }
}

TEST(Trace, NumbersOfOthersThrow) {
  trace t("run1");
  const auto alice = t.user("alice");
  const auto message = t.next_message(t.chat("1"), alice);
  EXPECT_THROW(t.sent(milliseconds(0), message_id{5}, alice), std::out_of_range);
  EXPECT_THROW(t.sent(milliseconds(0), message, user_id{5}), std::out_of_range);
  EXPECT_THROW(t.socket_ready(milliseconds(0), socket_id{0}), std::out_of_range);
  EXPECT_THROW(t.sweep_completed(milliseconds(0), sweep_id{0}), std::out_of_range);
  EXPECT_THROW(t.append(socket_started{milliseconds(0), socket_id{3}, alice}), std::out_of_range);
  EXPECT_THROW(t.next_message(chat_id{9}, alice), std::out_of_range);
  const auto socket = t.socket_started(milliseconds(0), alice);
  EXPECT_THROW(t.frame(milliseconds(0), socket, "", {content::tagged, std::nullopt}), std::out_of_range);
  EXPECT_THROW(t.frame(milliseconds(0), socket, "", {content::foreign, message}), std::out_of_range);
  EXPECT_THROW(t.frame(milliseconds(0), socket, "", {}, chat_id{9}), std::out_of_range);
  EXPECT_THROW(trace("no run id"), std::invalid_argument);
  EXPECT_EQ(t.events().size(), 1U);
}

TEST(Presence, KeepsTheFirstReadyAndTheFirstEnd) {
  trace t("run1");
  const auto bob = t.user("bob");
  const auto socket = t.socket_started(milliseconds(1), bob);
  t.socket_ready(milliseconds(2), socket);
  t.socket_ready(milliseconds(3), socket);
  t.drained(milliseconds(4), socket);
  t.socket_ended(milliseconds(5), socket, ending::closed_by_peer, 1001);
  t.socket_ended(milliseconds(6), socket, ending::failed);
  t.drained(milliseconds(7), socket);
  const presence all(t);
  const auto& life = all.of(socket);
  EXPECT_EQ(life.ready->at, milliseconds(2));
  EXPECT_EQ(life.ended->at, milliseconds(5));
  EXPECT_EQ(life.close_code, 1001);
  EXPECT_EQ(life.drains.size(), 1U);
  EXPECT_EQ(all.sockets_of(bob).size(), 1U);
  EXPECT_TRUE(all.sockets_of(user_id{9}).empty());
}

TEST(Presence, ReadyAfterTheEndIsNotReady) {
  trace t("run1");
  const auto socket = t.socket_started(milliseconds(1), t.user("bob"));
  t.socket_ended(milliseconds(2), socket, ending::refused);
  t.socket_ready(milliseconds(3), socket);
  EXPECT_FALSE(presence(t).of(socket).ready);
}

TEST(Rules, OutcomeOfAStatus) {
  EXPECT_EQ(outcome_of(201), outcome::acked);
  EXPECT_EQ(outcome_of(200), outcome::acked);
  EXPECT_EQ(outcome_of(302), outcome::unknown);
  EXPECT_EQ(outcome_of(302, {302}), outcome::acked);
  EXPECT_EQ(outcome_of(200, {302}), outcome::unknown);
  for (const int status : {400, 401, 403, 404, 413, 422, 451}) {
    EXPECT_EQ(outcome_of(status), outcome::refused) << status;
  }
  for (const int status : {0, 301, 408, 429, 500, 502, 503, 504}) {
    EXPECT_EQ(outcome_of(status), outcome::unknown) << status;
  }
  for (const int status : {408, 429, 503}) {
    EXPECT_EQ(outcome_of(status, {}, {408, 429, 503}), outcome::refused) << status;
  }
}

}  // namespace
}  // namespace ledger

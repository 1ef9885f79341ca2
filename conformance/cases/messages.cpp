// MSG: what a sender and its peer can rely on over REST.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

namespace conformance {

CASE(MSG, 01) {
  auto& alice = user();
  auto& bob = user();
  const auto made =
      reply_of<client::reply<client::chat>>([&](auto done) { alice.user().create_chat(bob.name(), std::move(done)); });
  expect_status(made.exchange, created(), "creating a chat");
  expect(made.ok(), "the new chat", "a JSON chat with an id", made.summary());
  if (!made.ok()) return;

  const chat& both = adopt(*made.value, alice, bob);
  const message& sent = send(alice, both, "hello");
  expect_status(sent.reply->exchange, created(), "sending a message");
  trials(1);
  if (!sent.reply->value) {
    expect(false, "the answer", "a JSON message with an id", sent.reply->summary());
    return;
  }
  const client::message& answer = *sent.reply->value;
  expect(!answer.id.empty(), "the message's id", "not empty", answer.id);
  expect(answer.chat_id == both.id, "the message's chat", both.id, answer.chat_id);
  expect(answer.sender == alice.name(), "the message's sender", alice.name(), answer.sender);
  expect(answer.body == sent.body, "the message's body", sent.body, answer.body);
  expect(!answer.created_at.empty(), "the message's time", "not empty", answer.created_at);
}

namespace {

/// Sends, and reads the history after each acknowledgement: the ledger looks for the message in every walk.
constexpr int reads = 3;

}  // namespace

CASE(MSG, 02) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  for (int i = 0; i < reads; ++i) {
    send_acked(alice, both);
    const auto walk = read_history(alice, both);
    expect(walk.complete, "the sender's walk through the history", "complete",
           walk.complete ? "complete" : walk.problem);
    trials(1);
  }
}

CASE(MSG, 03) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  for (int i = 0; i < reads; ++i) {
    send_acked(alice, both);
    const auto walk = read_history(bob, both);
    expect(walk.complete, "the peer's walk through the history", "complete", walk.complete ? "complete" : walk.problem);
    trials(1);
  }
}

}  // namespace conformance

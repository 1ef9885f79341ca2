// MSG: what a sender and its peer can rely on over REST.
#include "conformance/cases/case.hpp"
#include "conformance/cases/texts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace conformance {

CASE(MSG, 01) {
  auto& alice = user();
  auto& bob = user();
  const auto made =
      reply_of<client::reply<client::chat>>([&](auto done) { alice.user().create_chat(bob.user(), std::move(done)); });
  if (creates_by_request()) expect_status(made.exchange, created(), "creating a chat");
  expect(made.ok(), "the new chat", "a JSON chat with an id", made.summary());
  if (!made.ok()) return;

  const chat& both = adopt(*made.value, alice, bob);
  const message& sent = send(alice, both, "hello");
  if (answers_as_the_contract()) {
    expect_status(sent.reply->exchange, created(), "sending a message");
  } else {
    expect(sent.reply->accepted, "sending a message", "what rest.send expects", sent.reply->summary());
  }
  trials(1);
  if (!sent.reply->value) {
    expect(false, "the answer", "a JSON message with an id", sent.reply->summary());
    return;
  }
  const client::message& answer = *sent.reply->value;
  expect(!answer.id.empty(), "the message's id", "not empty", answer.id);
  // Another target's answer may hold less; where its file points to something, that is right.
  const auto judged = [&](const std::string& found) { return answers_as_the_contract() || !found.empty(); };
  const std::string in = alice.calls(both.id);
  if (judged(answer.chat_id)) expect(answer.chat_id == in, "the message's chat", in, answer.chat_id);
  if (judged(answer.sender)) {
    expect(answer.sender == alice.name(), "the message's sender", alice.name(), answer.sender);
  }
  if (judged(answer.body)) expect(answer.body == sent.body, "the message's body", sent.body, answer.body);
  if (answers_as_the_contract()) {
    expect(!answer.created_at.empty(), "the message's time", "not empty", answer.created_at);
  }
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

namespace {

std::string stored_text(const client::walk& walk, const std::string& id) {
  const auto row = std::ranges::find(walk.messages, id, &client::message::id);
  return row == walk.messages.end() ? "no such message" : row->body;
}

}  // namespace

CASE(MSG, 04) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  std::vector<std::pair<const named_text*, std::string>> sent;
  for (const auto& each : difficult_texts()) {
    const auto reply = reply_of<client::reply<client::message>>(
        [&](auto done) { alice.user().send(both.id, each.text, std::move(done)); });
    trials(1);
    if (!reply.ok()) {
      expect(false, fmt::format("sending {}", each.name), "a success (2xx)", reply.summary());
      continue;
    }
    if (!reply.value->body.empty()) {
      expect(reply.value->body == each.text, fmt::format("{}, in the answer", each.name), each.text, reply.value->body);
    }
    sent.emplace_back(&each, reply.value->id);
  }
  for (actor* reader : {&alice, &bob}) {
    const auto walk = read_history(*reader, both);
    if (!walk.complete) throw cannot_conclude("the history cannot be walked: " + walk.problem);
    for (const auto& [text, id] : sent) {
      const std::string body = stored_text(walk, id);
      expect(body == text->text, fmt::format("{}, in the history", text->name), text->text, body);
    }
  }
}

CASE(MSG, 05) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  for (const char* member : {"sender", "user", "user_id", "author", "from", "sender_id"}) {
    const std::string body = nonce();
    const auto answer = post_raw(alice, both, body_with(alice, both, body, member, bob.name()));
    const auto walk = read_history(alice, both);
    if (!walk.complete) throw cannot_conclude("the history cannot be walked: " + walk.problem);
    const auto row = std::ranges::find(walk.messages, body, &client::message::body);
    const std::string what = fmt::format("a message that names Bob as its {}", member);
    if (row == walk.messages.end()) {
      expect(!answer.success(), what, "stored as Alice's, or refused", "a success, and not stored");
    } else {
      expect(answer.success(), what, "stored as Alice's, or refused",
             "refused with " + answer.summary() + ", but stored");
      if (row->sender.empty() && !answers_as_the_contract()) throw nothing_to_check("rest.history has no sender");
      expect(row->sender == alice.name(), what, "sent by " + alice.name(), "sent by " + row->sender);
    }
    trials(1);
  }
}

CASE(MSG, 13) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  const std::string secret = nonce();
  auto doubtful = textless_bodies(alice, both);
  doubtful.push_back(body_of(alice, both, "   "));
  for (const std::size_t length : {5'000U, 70'000U}) {
    doubtful.push_back(body_of(alice, both, secret + std::string(length, 'x')));
  }
  const std::string broken = body_of(alice, both, secret);
  doubtful.push_back(broken.substr(0, broken.find(secret) + secret.size()));
  std::size_t stored = 0;   // at least
  std::size_t perhaps = 0;  // and so many more, whose outcome is unknown
  int refused = 0;
  for (const auto& json : doubtful) {
    const auto answer = post_raw(alice, both, json);
    if (answer.success()) {
      ++stored;
    } else if (answer.answered() && answer.status < 500) {
      ++refused;
    } else {
      ++perhaps;
    }
  }
  send_acked(alice, both);
  ++stored;
  for (actor* reader : {&alice, &bob}) {
    const auto walk = read_history(*reader, both);
    if (!walk.complete) throw cannot_conclude("the history cannot be walked: " + walk.problem);
    const auto rows = walk.messages.size();
    expect(
        rows >= stored && rows <= stored + perhaps, "the history after messages that were refused",
        perhaps == 0 ? fmt::format("{} messages", stored) : fmt::format("{} to {} messages", stored, stored + perhaps),
        fmt::format("{} messages", rows));
  }
  trials(refused);
  if (refused == 0) stage_.tell(not_run_line("the target refused none of the requests"));
}

}  // namespace conformance

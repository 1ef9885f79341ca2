// AUTH: who may do what.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

namespace conformance {

namespace {

using chats_reply = client::reply<client::page<client::chat>>;
using messages_reply = client::reply<client::page<client::message>>;

/// Whether any byte of an answer shows the message.
std::string shows(const client::http::exchange& answer, const message& secret) {
  if (answer.body.find(secret.body) != std::string::npos) return "its body shows the message";
  for (const auto& header : answer.headers) {
    if (header.value.find(secret.body) != std::string::npos) return "header " + header.name + " shows the message";
  }
  return "";
}

}  // namespace

CASE(AUTH, 01) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  const message& secret = send_acked(alice, both);
  const client::call nobody{.credential = client::no_credential{}};

  auto& carol = user();
  if (creates_by_request()) {
    const auto create = reply_of<client::reply<client::chat>>(
        [&](auto done) { alice.user().create_chat(carol.user(), std::move(done), nobody); });
    expect_status(create.exchange, no_session(), "create chat without a credential");
  }

  if (lists_chats()) {
    const auto list = reply_of<chats_reply>([&](auto done) { alice.user().list_chats(std::move(done), nobody); });
    expect_status(list.exchange, no_session(), "list chats without a credential");
    expect(list.exchange.body.find('"' + bob.name() + '"') == std::string::npos, "list chats without a credential",
           "nothing of Alice's chats", list.exchange.body);
  }

  const message& post = send(alice, both, "", false, nobody);
  expect_status(post.reply->exchange, no_session(), "send without a credential");

  const auto history =
      reply_of<messages_reply>([&](auto done) { alice.user().history(both.id, {}, std::move(done), nobody); });
  expect_status(history.exchange, no_session(), "history without a credential");
  const std::string shown = shows(history.exchange, secret);
  expect(shown.empty(), "history without a credential", "nothing of the message", shown);

  read_history(alice, both);  // the ledger looks for the refused message there
  trials(4);
}

namespace {

/// Two reads must succeed with the good token and be refused with the bad one.
class bad_token_case : public conformance_case {
 protected:
  void refuse(client::jwt::flaw flaw) {
    if (flaw != client::jwt::flaw::garbage && !mints_tokens()) {
      throw nothing_to_check(
          "the target makes its credentials itself, so that none can be made that is wrong in this way");
    }
    auto& alice = user();
    auto& bob = user();
    const chat& both = create_chat(alice, bob);
    const message& secret = send_acked(alice, both);

    const bool lists = lists_chats();
    const auto good_list = lists ? list(alice, {}) : chats_reply{};
    const auto good_history = history(alice, both, {});
    if (lists && !good_list.ok()) throw cannot_conclude("the good token cannot list chats: " + good_list.summary());
    if (!good_history.ok()) throw cannot_conclude("the good token cannot read the history: " + good_history.summary());

    const client::call bad{.credential = client::other_token{alice.user().bad_token(flaw)}};
    const std::string with = fmt::format("with a bad token ({})", client::jwt::to_string(flaw));
    if (lists) expect_status(list(alice, bad).exchange, no_session(), "list chats " + with);
    const auto bad_history = history(alice, both, bad);
    expect_status(bad_history.exchange, no_session(), "history " + with);
    const std::string shown = shows(bad_history.exchange, secret);
    expect(shown.empty(), "history " + with, "nothing of the message", shown);
    trials(lists ? 2 : 1);
  }

 private:
  chats_reply list(actor& who, const client::call& with) {
    return reply_of<chats_reply>([&](auto done) { who.user().list_chats(std::move(done), with); });
  }
  messages_reply history(actor& who, const chat& of, const client::call& with) {
    return reply_of<messages_reply>([&](auto done) { who.user().history(of.id, {}, std::move(done), with); });
  }
};

}  // namespace

#define BAD_TOKEN_CASE(name, kind)                           \
  namespace {                                                \
  class AUTH_##name : public bad_token_case {                \
    void act() override { refuse(client::jwt::flaw::kind); } \
  };                                                         \
  }                                                          \
  TEST(AUTH, name) {                                         \
    AUTH_##name().perform("AUTH", #name);                    \
  }

BAD_TOKEN_CASE(02_garbage, garbage)
BAD_TOKEN_CASE(02_expired, expired)
BAD_TOKEN_CASE(02_wrong_key, wrong_key)
BAD_TOKEN_CASE(02_alg_none, alg_none)

#undef BAD_TOKEN_CASE

CASE(AUTH, 04) {
  auto& alice = user();
  auto& bob = user();
  auto& mallory = user();
  auto& dave = user();
  const chat& both = create_chat(alice, bob);
  const message& secret = send_acked(alice, both);
  send_acked(mallory, create_chat(mallory, dave));

  const auto own = reply_of<messages_reply>([&](auto done) { alice.user().history(both.id, {}, std::move(done)); });
  if (shows(own.exchange, secret).empty()) {
    throw cannot_conclude("the sender itself does not see the message: " + own.summary());
  }
  const auto foreign =
      reply_of<messages_reply>([&](auto done) { mallory.user().history(both.id, {}, std::move(done)); });
  expect_status(foreign.exchange, not_a_member(), "history of the chat, asked for by a stranger");
  const std::string shown = shows(foreign.exchange, secret);
  expect(shown.empty(), "history of the chat, asked for by a stranger", "nothing of the message", shown);
  trials(1);
}

}  // namespace conformance

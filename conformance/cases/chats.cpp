// CHAT: creating chats and finding them again.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace conformance {

namespace {

using chat_reply = client::reply<client::chat>;

/// Whether a row is the chat of these two: by its members where it names them, else by its id.
bool is_theirs(const client::chat& row, const actor& one, const actor& other, const std::string& id) {
  if (row.participants.empty()) return row.id == one.calls(id);
  return std::ranges::count(row.participants, one.name()) == 1 &&
         std::ranges::count(row.participants, other.name()) == 1;
}

std::string times(std::ptrdiff_t count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

}  // namespace

CASE(CHAT, 01) {
  auto& alice = user();
  auto& bob = user();
  const auto made = reply_of<chat_reply>([&](auto done) { alice.user().create_chat(bob.user(), std::move(done)); });
  if (!creates_by_request()) throw nothing_to_check("the target file says that no request creates a chat");
  trials(1);
  expect_status(made.exchange, created(), "creating a chat");
  expect(made.ok() && !made.value->id.empty(), "the new chat", "a JSON chat with an id", made.summary());
  if (!made.ok() || !answers_as_the_contract()) return;
  auto named = made.value->participants;
  std::ranges::sort(named);
  std::vector<std::string> both{alice.name(), bob.name()};
  std::ranges::sort(both);
  expect(named == both, "the participants of the new chat", fmt::format("{}", fmt::join(both, ", ")),
         named.empty() ? "none" : fmt::format("{}", fmt::join(named, ", ")));
}

CASE(CHAT, 02) {
  auto& alice = user();
  for (int i = 0; i < 3; ++i) {
    auto& bob = user();
    read_chats(alice);  // what was cached by this must not be shown afterwards
    const chat& both = create_chat(alice, bob);
    const auto rows = read_chats(alice);
    const auto found =
        std::ranges::count_if(rows, [&](const client::chat& row) { return is_theirs(row, alice, bob, both.id); });
    expect(found == 1, "the creator's list of chats right after the creation", "the new chat once", times(found));
    trials(1);
  }
}

CASE(CHAT, 03) {
  auto& bob = user();
  for (int i = 0; i < 3; ++i) {
    auto& alice = user();
    read_chats(bob);
    const chat& both = create_chat(alice, bob);
    const auto rows = read_chats(bob);
    const auto found =
        std::ranges::count_if(rows, [&](const client::chat& row) { return is_theirs(row, alice, bob, both.id); });
    expect(found == 1, "the peer's list of chats right after the creation", "the new chat once", times(found));
    trials(1);
  }
}

CASE(CHAT, 04) {
  auto& alice = user();
  auto& bob = user();
  auto& mallory = user();
  auto& dave = user();
  const chat& own = create_chat(mallory, dave);
  const chat& both = create_chat(alice, bob);
  const auto rows = read_chats(mallory);
  if (std::ranges::none_of(rows, [&](const auto& row) { return is_theirs(row, mallory, dave, own.id); })) {
    throw cannot_conclude("the list of a third user does not even show his own chat");
  }
  const auto seen = std::ranges::count_if(rows, [&](const client::chat& row) {
    return row.id == alice.calls(both.id) || std::ranges::count(row.participants, alice.name()) > 0;
  });
  expect(seen == 0, "a third user's list of chats", "nothing of the chat", times(seen));
  trials(1);
}

CASE(CHAT, 05) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  const message& sent = send(alice, both, "by the id of the answer");
  expect(sent.acked(), "sending by the id of the answer", "a success (2xx)", sent.reply->summary());
  const auto rows = read_chats(alice);
  const auto row = std::ranges::find_if(rows, [&](const auto& each) { return is_theirs(each, alice, bob, both.id); });
  if (row == rows.end()) throw cannot_conclude("the list does not show the chat");
  const std::string id = alice.calls(both.id);
  expect(row->id == id, "the chat's id in the list", id, row->id);
  const auto walk = reply_of<client::walk>(
      [&](auto done) { alice.user().walk_history(row->id == id ? both.id : row->id, std::move(done)); });
  const bool there =
      std::ranges::any_of(walk.messages, [&](const client::message& each) { return each.body == sent.body; });
  expect(there, "the history by the id of the list", "the message that was sent",
         walk.complete ? fmt::format("{} other messages", walk.messages.size()) : walk.problem);
  trials(1);
}

}  // namespace conformance

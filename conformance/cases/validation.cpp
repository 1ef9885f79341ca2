// VAL: input that is none.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace conformance {

namespace {

/// An id of the same form that no chat has, for all that can be known: a number is much larger than those that were
/// given so far, text has other letters and digits in the same places.
std::string absent_id(const std::string& like, std::mt19937_64& random) {
  const auto any_of = [&](std::string_view set) {
    return set[std::uniform_int_distribution<std::size_t>(0, set.size() - 1)(random)];
  };
  const bool is_number = std::ranges::all_of(like, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) return fmt::format("{}", 4'000'000'000'000'000 + random() % 1'000'000'000'000'000);
  std::string id = like;
  for (char& c : id) {
    if (c >= '0' && c <= '9') c = any_of("0123456789");
    if (c >= 'a' && c <= 'f') c = any_of("abcdef");
    if (c >= 'g' && c <= 'z') c = any_of("ghijklmnopqrstuvwxyz");
    if (c >= 'A' && c <= 'Z') c = any_of("ABCDEF");
  }
  return id;
}

}  // namespace

CASE(VAL, 13) {
  if (!creates_by_request()) throw nothing_to_check("the chats of this target are there without being created");
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  send_acked(alice, both);
  struct wrong {
    std::string id;
    expected_status answer;
  };
  const std::vector<wrong> ids{{absent_id(alice.calls(both.id), stage_.random()), no_such_chat()},
                               {"nonsense", no_such_id()},
                               {"-1", no_such_id()},
                               {"99999999999999999999999999", no_such_id()}};
  for (const auto& each : ids) {
    if (!stage_.target().rest || stage_.target().rest->history) {
      const auto read = reply_of<client::reply<client::page<client::message>>>(
          [&](auto done) { alice.user().history(each.id, {}, std::move(done)); });
      expect_status(read.exchange, each.answer, fmt::format("the history of chat {}", each.id));
      trials(1);
    }
    const chat nowhere{.id = each.id, .number = {}, .first = &alice, .second = &bob};
    expect_status(post_raw(alice, nowhere, body_of(alice, nowhere, nonce())), each.answer,
                  fmt::format("sending into chat {}", each.id));
    trials(1);
  }
  const auto walk = read_history(alice, both);
  if (!walk.complete) throw cannot_conclude("the history cannot be walked: " + walk.problem);
  expect(walk.messages.size() == 1, "the history of Alice's own chat", "her one message",
         fmt::format("{} messages", walk.messages.size()));
}

}  // namespace conformance

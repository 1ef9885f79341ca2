// PAGE: histories read page by page.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace conformance {

namespace {

constexpr int messages_sent = 25;

/// "as sent", or the first place where the order differs. What is missing or repeated is another requirement's.
std::string compare(const client::walk& walk, const std::vector<const message*>& sent) {
  std::vector<std::size_t> places;
  for (const auto& row : walk.messages) {
    const auto found = std::ranges::find(sent, row.body, &message::body);
    const auto place = static_cast<std::size_t>(found - sent.begin());
    if (place < sent.size() && std::ranges::count(places, place) == 0) places.push_back(place);
  }
  const auto fall = std::ranges::is_sorted_until(places);
  if (fall == places.end()) return "as sent";
  return fmt::format("number {} follows on number {}", *fall + 1, *std::prev(fall) + 1);
}

}  // namespace

CASE(PAGE, 01) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  std::vector<const message*> sent;
  for (int i = 0; i < messages_sent; ++i) sent.push_back(&send_acked(alice, both));
  for (actor* reader : {&alice, &bob}) {
    for (const unsigned limit : {7U, 10U, 200U}) {
      const client::history_query query{.after = "0", .limit = limit};
      const auto walk =
          reply_of<client::walk>([&](auto done) { reader->user().walk_history(both.id, std::move(done), query); });
      const std::string order = compare(walk, sent);
      if (!walk.complete) throw cannot_conclude("the history cannot be walked: " + walk.problem);
      expect(order == "as sent", fmt::format("the order of the history in pages of {}", limit), "as sent", order);
      trials(1);
    }
  }
}

namespace {

/// "each once", or what is missing or repeated.
std::string count(const client::walk& walk, const std::vector<const message*>& sent) {
  if (!walk.complete) return walk.problem;
  std::map<std::string, int> seen;
  for (const auto& row : walk.messages) ++seen[row.body];
  const auto missing = std::ranges::count_if(sent, [&](const message* each) { return seen[each->body] == 0; });
  const auto repeated = std::ranges::count_if(sent, [&](const message* each) { return seen[each->body] > 1; });
  return missing + repeated == 0 ? "each once" : fmt::format("{} missing, {} repeated", missing, repeated);
}

}  // namespace

CASE(PAGE, 02) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  std::vector<const message*> sent;
  for (int i = 0; i < messages_sent; ++i) sent.push_back(&send_acked(alice, both));
  for (actor* reader : {&alice, &bob}) {
    for (const unsigned limit : {7U, 5U}) {
      const std::string forward = count(read_history(*reader, both, limit), sent);
      expect(forward == "each once", fmt::format("the history forward in pages of {}", limit), "each once", forward);
      const client::history_query newest_first{.limit = limit};
      const auto walk = reply_of<client::walk>(
          [&](auto done) { reader->user().walk_history(both.id, std::move(done), newest_first); });
      const std::string backward = count(walk, sent);
      expect(backward == "each once", fmt::format("the history backward in pages of {}", limit), "each once", backward);
      trials(2);
    }
  }
}

}  // namespace conformance

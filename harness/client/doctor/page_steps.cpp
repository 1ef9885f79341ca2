// How the pages of a described history lie: the order inside of one, the end at which they begin, how many messages
// the server puts on one. Sends messages for it, at most `most_messages`.
#include "harness/client/doctor/steps.hpp"
#include "harness/client/user/list_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace client::doctor {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_messages = 60, few = 5;
constexpr unsigned small_page = 3;

bool asks_for_a_size(const http_step& request) {
  std::vector<slot> slots = request.path.slots();
  const auto add = [&](const text_template& of) {
    const auto more = of.slots();
    slots.insert(slots.end(), more.begin(), more.end());
  };
  add(request.body);
  for (const auto* fields : {&request.query, &request.form}) {
    for (const auto& each : *fields) add(each.value);
  }
  return std::ranges::any_of(slots, [](const slot& each) { return each.name == "limit"; });
}

// One page, as it came: where in the order of sending its messages are.
struct seen_page {
  std::vector<std::size_t> numbers;
  std::size_t items = 0;
};

class pages_of {
 public:
  explicit pages_of(visit& at) : at_(at), list_(*at.target->rest->history), ids_{at.first} {
    const std::uint64_t wanted = list_.pages.size + 1;
    most_ = std::min<std::size_t>(most_messages, static_cast<std::size_t>(wanted));
    if (at.target->errors.rate_limit > 0ms) most_ = few;
    most_ = std::max(most_, few);
  }

  void measure() {
    const bool sized = asks_for_a_size(list_.request);
    send_up_to(few);
    look_at(read(sized ? small_page : unsigned_size()));
    send_up_to(most_);
    const seen_page full = read(unsigned_size());
    look_at(full);
    const bool cut = full.numbers.size() < ids_.size();
    at_.step.said = fmt::format("{}, {} to a page of {} asked for",
                                newest_first_ ? (*newest_first_ ? "newest first" : "oldest first") : "order unknown",
                                full.items, list_.pages.size);
    if (to_older_) at_.step.said += *to_older_ ? "; the first page is the newest" : "; the first page is the oldest";
    at_.step.said += fmt::format("; {} messages sent for it{}", ids_.size() - 1, limited_ ? ", then 429" : "");
    if (cut) at_.measure("rest.history.pages.size", std::to_string(full.items), full.items == list_.pages.size);
    if (to_older_) {
      at_.measure("rest.history.pages.direction", *to_older_ ? "older" : "newer", *to_older_ == list_.pages.to_older);
    }
    if (newest_first_) {
      at_.insist("rest.history.order", *newest_first_ ? "newest_first" : "oldest_first",
                 *newest_first_ == list_.newest_first);
    }
    if (to_older_) {
      at_.insist("rest.history.pages.direction", *to_older_ ? "older" : "newer", *to_older_ == list_.pages.to_older);
    }
  }

 private:
  unsigned unsigned_size() const { return static_cast<unsigned>(std::min<std::uint64_t>(list_.pages.size, 100'000)); }

  void send_up_to(std::size_t count) {
    while (ids_.size() < count && !limited_) {
      auto came = at_.try_post(at_.alice(), at_.text("page"));
      limited_ = came.exchange.answered() && came.status() == 429;
      if (!limited_) ids_.push_back(at_.value_of(std::move(came)).id);
    }
  }

  seen_page read(unsigned size) {
    const auto came = await<walk>(at_.io, at_.soon() + 2s, [&](auto done) {
      at_.bob().walk_history(at_.chat, std::move(done), {.after = "0", .limit = size}, 1);
    });
    seen_page out;
    if (!came || came->exchanges.empty()) throw failure{{culprit::server, "no answer", "is it up?"}, {}, false};
    const auto page = read_list_page(list_, came->exchanges.front().body);
    if (!page) throw unreadable(came->exchanges.front(), page.error().clause);
    out.items = page->items;
    for (const list_row& row : page->rows) {
      const auto mine = std::ranges::find(ids_, row.value.id);
      if (mine != ids_.end()) out.numbers.push_back(static_cast<std::size_t>(mine - ids_.begin()));
    }
    return out;
  }

  void look_at(const seen_page& page) {
    const auto& numbers = page.numbers;
    if (numbers.size() < 2) return;
    if (std::ranges::is_sorted(numbers)) newest_first_ = false;
    if (std::ranges::is_sorted(numbers, std::greater<>())) newest_first_ = true;
    const bool oldest = std::ranges::find(numbers, 0U) != numbers.end();
    const bool newest = std::ranges::find(numbers, ids_.size() - 1) != numbers.end();
    if (oldest != newest) to_older_ = newest;
  }

  visit& at_;
  const list_action& list_;
  std::vector<std::string> ids_;  // in the order of sending
  std::size_t most_ = 0;
  bool limited_ = false;  // the server wants no more
  std::optional<bool> newest_first_;
  std::optional<bool> to_older_;
};

}  // namespace

bool has_pages(const visit& at) {
  const auto& rest = at.target->rest;
  return rest && rest->history && rest->history->pages.by != paging::style::none;
}

void pages(visit& at) {
  pages_of(at).measure();
}

}  // namespace client::doctor

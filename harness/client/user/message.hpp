// A chat, a message, a page of either, and the reply to an action: what a target said, in words that do not depend on
// the target. Ids are text, whatever they were in JSON: a number is its decimal digits, never a double. A message
// always has an id; what else a target left out is empty. Plain data.
#pragma once

#include "harness/client/http/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client {

struct chat {
  std::string id;
  std::vector<std::string> participants;
  std::string created_at;

  friend bool operator==(const chat&, const chat&) = default;
};

struct message {
  std::string id;
  std::string chat_id;
  std::string sender;
  std::string recipient;
  std::string body;
  std::string created_at;

  friend bool operator==(const message&, const message&) = default;
};

// For people: the status or the failure, the beginning of a body that is no success, the problem.
std::string summary(const http::exchange& exchange, std::string_view problem);

template <class T>
struct page {
  std::vector<T> items;
  std::optional<std::string> next;  // where the walk goes on; nothing at the end
};

// What came of one action: the exchange, and the value when it succeeded and could be read.
template <class T>
struct reply {
  http::exchange exchange;
  std::optional<T> value;
  std::string problem;  // why a success could not be read ("no member 'id'"); empty otherwise

  bool accepted = false;  // an answer that the target's description calls a success, whether it could be read or not

  bool ok() const noexcept { return value.has_value(); }
  // What a ledger should take the answer for: a success is 200 where the target says so by another status (a redirect),
  // and nothing is known (0) of a 2xx that the target's description does not expect.
  int judged_status() const noexcept {
    if (!exchange.answered()) return 0;
    if (accepted) return exchange.success() ? exchange.status : 200;
    return exchange.success() ? 0 : exchange.status;
  }
  int status() const noexcept { return exchange.status; }
  // "201", "404: {…}", "201, but no member 'id'": for people.
  std::string summary() const { return client::summary(exchange, problem); }
};

// All chats of a user.
struct chat_walk {
  std::vector<chat> chats;
  bool complete = false;
  std::string problem;  // why it stopped when it is not complete
};

// A history read to its end by following `next`.
struct walk {
  std::vector<message> messages;          // in the order in which they came, page after page
  std::vector<http::exchange> exchanges;  // one for each page
  bool complete = false;                  // the last page said that nothing more is there
  std::string problem;                    // why it stopped when it is not complete
};

}  // namespace client

// What "later in its chat" means in a trace, and the frames that break it.
//
// Per chat one basis: the target's ids where they are declared ordered and are all decimal, else the last whole walk
// through the chat's history, else what one sender sent after an acknowledgement. Built once, then read-only.
#pragma once

#include "harness/ledger/arrivals.hpp"
#include "harness/ledger/history.hpp"
#include "harness/ledger/identity.hpp"
#include "harness/ledger/rules.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ledger {

class chat_order {
 public:
  chat_order(const message_table& messages, const identities& known, const history& walks, const rules& declared);

  order_basis basis(chat_id chat) const;

  // Whether `a` stands before `b` in their chat, as far as the chat's basis tells; both of one chat.
  bool before(message_id a, message_id b) const;

  // Whether the basis has a place for the message at all.
  bool placed(message_id message) const;

 private:
  const message_table& messages_;
  const identities& known_;
  std::map<chat_id, order_basis> basis_;
  std::vector<std::optional<std::size_t>> rank_;  // in the last whole walk, by message
};

// Walks through the arrivals of one socket and chat in time, and tells which of them come behind a later message.
// Give it only first arrivals of messages that belong on the socket.
class order_check {
 public:
  order_check(const chat_order& order, const message_table& messages) : order_(order), messages_(messages) {}

  // The arrival of a later message that was there before this one.
  std::optional<arrival> overtaken_by(const arrival& next);

  std::uint64_t compared() const { return compared_; }

 private:
  std::optional<arrival>& latest(message_id message);

  const chat_order& order_;
  const message_table& messages_;
  std::optional<arrival> latest_;
  std::map<user_id, std::optional<arrival>> latest_of_;  // by sender, for the sequence basis
  std::uint64_t compared_ = 0;
};

}  // namespace ledger

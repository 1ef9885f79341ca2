// Which message a frame or a history row is: by its tag, or by the id that the target gave the message.
//
// Built once from a trace, which must outlive it; then read-only. Any thread.
#pragma once

#include "harness/ledger/message_life.hpp"
#include "harness/ledger/rules.hpp"
#include "harness/ledger/trace.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ledger {

struct identity {
  std::optional<message_id> message;  // none: not ours as far as can be known
  bool certain =
      false;  // a right checksum or the target's own id says so; a damaged tag alone may name another message
  bool damaged = false;  // it is ours, and the body is not what was sent
};

class identities {
 public:
  identities(const trace& of, const message_table& messages, const rules& declared);

  // `chat`: where the frame or row was, when known.
  identity of(content kind, std::optional<message_id> tagged, std::string_view server_id,
              std::optional<chat_id> chat) const;

  // The id of a message: from its acknowledgement, else from the first place that showed it. May be empty.
  std::string_view id_of(message_id message) const { return ids_.at(static_cast<std::size_t>(message)); }

 private:
  void learn(std::string_view server_id, message_id message);
  std::optional<message_id> by_id(std::string_view server_id, std::optional<chat_id> chat) const;

  const message_table& messages_;
  bool ids_unique_;
  std::vector<std::string_view> ids_;
  // Chat 0 when ids are unique over all chats. No message: two claim the id, so it says nothing.
  std::map<std::pair<chat_id, std::string_view>, std::optional<message_id>> by_id_;
};

// Decimal numbers of any length, without sign.
bool is_decimal(std::string_view text);
// Both decimal. Leading zeros do not count.
bool decimal_less(std::string_view a, std::string_view b);

}  // namespace ledger

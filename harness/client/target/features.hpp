// The features that a target file can claim. A requirement behind a feature that is not claimed reads "not claimed".
#pragma once

#include <array>
#include <string_view>

namespace client {

struct feature {
  std::string_view name;
  std::string_view meaning;  // one line for people
};

inline constexpr std::array known_features{
    feature{"after", "history takes a cursor that asks for what came later"},
    feature{"chat.unique", "two users have one chat, whoever creates it and however often"},
    feature{"conceal", "a chat of others and a chat that does not exist look the same"},
    feature{"contract.statuses", "errors carry exactly the statuses of the contract"},
    feature{"cookie.auth", "the socket is authenticated by a cookie"},
    feature{"devices.limit", "a user may have only so many sockets"},
    feature{"devices.many", "a user may have several sockets at once"},
    feature{"frame.single", "one message per frame, text frames of JSON"},
    feature{"idempotency", "an Idempotency-Key makes a retried send safe"},
    feature{"keyset", "history is paged by position, not by offset"},
    feature{"ordered_ids", "ids of messages ascend in the order of history"},
    feature{"origin.allowlist", "sockets from other origins are refused"},
    feature{"receive_only", "what a client sends on the socket is ignored"},
    feature{"revoke", "a credential can be withdrawn before it expires"},
    feature{"users.known", "only registered users can be written to"},
};

bool is_known_feature(std::string_view name) noexcept;

}  // namespace client

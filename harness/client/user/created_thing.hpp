// What a user made on the target and what is there after a run: a user that was registered, a chat. One line of JSON
// each in a run's created.jsonl; a line that says "removed" takes it back. No secret is among it. Plain data.
#pragma once

#include "harness/client/jwt/token.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/target/variables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace client {

// All that it takes to be this user again.
struct maker {
  std::string name;       // as the run called it: rc-RUN-N
  std::uint64_t row = 0;  // of the target's users
  std::string id;         // what the target calls it

  bool operator==(const maker&) const = default;
};

struct created_thing {
  enum class kind : std::uint8_t { user, chat };

  kind is = kind::chat;
  variable id;                // ours for it; of a chat that of the user who made it
  maker by;                   // of a registered user itself
  std::optional<maker> peer;  // of a chat
  // What making it captured, as far as paths of the cleanup or login.id name it.
  std::vector<std::pair<std::string, variable>> captured;
  jwt::wall_time at{};

  // The same for every line about one thing.
  std::string key() const;
};

std::string created_line(const created_thing& thing);
std::string removed_line(const created_thing& thing, jwt::wall_time at);

// What the lines leave: each thing once, without those that were removed. Half a line, which a killed process may
// leave, is passed over.
std::vector<created_thing> left_of(std::string_view lines);

// Of what making a thing captured only what somebody needs later, and nothing whose name speaks of a secret.
std::vector<std::pair<std::string, variable>> worth_keeping(const target& target, const variables& captured);

// "12 chats", "1 chat and 3 users", "nothing".
std::string in_words(const std::vector<created_thing>& things);

}  // namespace client

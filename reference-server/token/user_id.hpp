// What a user id may look like: 1 to 64 of the characters A-Z a-z 0-9 _ . -
// A pure function; every well-formed id is a possible peer, there is no table of users.
#pragma once

#include <string_view>

namespace token {

constexpr bool is_user_id(std::string_view text) noexcept {
  if (text.empty() || text.size() > 64) {
    return false;
  }
  for (char c : text) {
    const bool good =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    if (!good) {
      return false;
    }
  }
  return true;
}

}  // namespace token

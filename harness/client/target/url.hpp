// An absolute http, https, ws or wss URL taken apart. Plain data, any thread.
#pragma once

#include "harness/client/target/problem.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace client {

struct url {
  std::string scheme;      // "http", "https", "ws", "wss"; lower case
  std::string host;        // name or address as written; IPv6 without brackets
  std::uint16_t port = 0;  // written or the scheme's default
  std::string path;        // with its query, as written; "/" when there is none

  bool secure() const noexcept { return scheme == "https" || scheme == "wss"; }
  // "127.0.0.1:8080", "[::1]:8080", "shop.example": what belongs in a Host header (no default port).
  std::string authority() const;
  // The whole as text, without a user or password (URLs that carry one are refused).
  std::string text() const;

  friend bool operator==(const url&, const url&) = default;
};

// The path of a base URL without a slash at its end: "" or "/prefix".
std::string_view base_path(const url& base) noexcept;

checked<url> parse_url(std::string_view text);

}  // namespace client

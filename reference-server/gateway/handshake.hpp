// Whether a request becomes a WebSocket: the checks before the 101, in their order, and the answer when it does not.
// Pure; what it needs to know comes as arguments.
#pragma once

#include "reference-server/http/request.hpp"
#include "reference-server/http/response.hpp"
#include "reference-server/token/token.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace gateway {

struct admission_rules {
  const token::signer& tokens;
  std::span<const std::string> origins;  // none: any Origin may connect
  bool link_up = true;                   // without a Redis link nobody can be served
};

struct admitted {
  token::identity who;
  std::string answer;  // the 101, complete
};

// For a request whose path is the socket's. 405, 426, 400 (no valid handshake), 403 (Origin), 400 (two credentials),
// 401, 503 + Retry-After: the first that applies.
std::variant<admitted, http::response> admit(const http::request& asked, const admission_rules& rules,
                                             token::time_point now);

// The part of it that is the WebSocket's: nothing when the request may become one, else 426 or 400.
std::optional<http::response> check_upgrade(const http::request& asked);
// The 101 to a request that passed.
std::string switching_protocols(const http::request& asked);

// Whether this Origin, or none, may connect.
bool origin_allowed(const http::request& asked, std::span<const std::string> origins);

// The Sec-WebSocket-Accept of a key (RFC 6455, 4.2.2).
std::string accept_of(std::string_view key);

}  // namespace gateway

// The close codes of RFC 6455 and of this server, and which ones a peer may send.
#pragma once

#include <cstdint>

namespace gateway {

enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,  // the server shuts down
  protocol_error = 1002,
  none = 1005,             // never on the wire: a close frame without a code
  bad_text = 1007,         // not UTF-8
  too_big = 1009,          // a client message over the limit
  service_restart = 1012,  // subscription lost, or resync: what was missed is in history
  try_again_later = 1013,  // the client reads too slowly
  token_expired = 4401,
};

// Whether a close frame may hold this code: registered for the wire, or private use.
constexpr bool may_be_sent(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace gateway

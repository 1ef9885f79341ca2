// Names one socket for its whole life: the place it has in its table, and how often that place was given out before, so
// that what comes late for a socket that has gone finds nobody. Socket.IO sessions have a table of their own; the
// highest bit of the place tells them from plain sockets.
#pragma once

#include <compare>
#include <cstdint>

namespace gateway {

struct socket_id {
  std::uint32_t place = 0;
  std::uint32_t life = 0;  // 1 to 2^31-1; 0 names no socket

  static constexpr std::uint32_t session_bit = std::uint32_t{1} << 31;

  friend bool operator==(const socket_id&, const socket_id&) = default;

  bool is_session() const { return (place & session_bit) != 0; }
  std::uint32_t index() const { return place & ~session_bit; }  // in its table

  // As the token of a Redis command: at least 2^32 and below 2^63.
  std::uint64_t token() const { return std::uint64_t{life} << 32 | place; }
  static socket_id from_token(std::uint64_t token) {
    return {static_cast<std::uint32_t>(token), static_cast<std::uint32_t>(token >> 32)};
  }
};

}  // namespace gateway

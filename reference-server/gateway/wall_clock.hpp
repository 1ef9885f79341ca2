// The wall clock in the unit of the tokens: in nanoseconds a far expiry would overflow.
#pragma once

#include "reference-server/token/token.hpp"

#include <chrono>

namespace gateway {

inline token::time_point wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace gateway

// The channels of Redis that the api publishes on: one for each recipient, and one for all of them. Constants.
#pragma once

#include <string>
#include <string_view>

namespace gateway {

inline constexpr std::string_view user_channel = "chat:user:";
inline constexpr std::string_view all_channel = "chat:all";

inline std::string channel_of(std::string_view user) {
  return std::string(user_channel) + std::string(user);
}

}  // namespace gateway

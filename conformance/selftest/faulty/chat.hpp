// The two things a chat backend keeps, and how they look in JSON. Plain values, no I/O, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faulty {

// Ids and cursors end here: what a JSON number carries exactly.
inline constexpr std::int64_t max_id = (std::int64_t{1} << 53) - 1;

struct Chat {
  std::int64_t id = 0;
  std::array<std::string, 2> participants;  // sorted
  std::int64_t created_us = 0;              // microseconds since 1970, UTC
  std::vector<std::int64_t> messages;       // ids of committed messages, ascending

  bool has(std::string_view user) const { return participants[0] == user || participants[1] == user; }
  const std::string& other(std::string_view user) const { return participants[participants[0] == user ? 1 : 0]; }
};

struct Message {
  std::int64_t id = 0;
  std::int64_t chat = 0;
  std::string sender, recipient, body;
  std::int64_t created_us = 0;
};
using MessagePtr = std::shared_ptr<const Message>;

// [A-Za-z0-9_.-]{1,64}
bool is_user_id(std::string_view text);

// Digits only, no sign, no leading zero; -1 for anything else or above max_id.
std::int64_t parse_id(std::string_view text);

std::int64_t now_us();

// "2026-11-24T05:08:53.000123Z"
std::string rfc3339(std::int64_t us);

std::string to_json(const Chat& chat);
std::string to_json(const Message& message);

}  // namespace faulty

// A WebSocket frame (RFC 6455, section 5.2) and how to write one. Pure, no I/O, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace client::websocket {

enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr bool is_control(opcode op) noexcept {
  return (static_cast<std::uint8_t>(op) & 8) != 0;
}

struct frame {
  opcode op = opcode::text;
  bool fin = true;
  std::string_view payload;  // unmasked
};

using mask_key = std::array<std::uint8_t, 4>;

// One whole frame with the shortest length form, masked when a key is given (what a client must do). Nothing is judged:
// the caller may write what no peer should accept. `reserved` are the three RSV bits (0..7).
std::string encode_frame(opcode op, std::string_view payload, std::optional<mask_key> mask, bool fin = true,
                         std::uint8_t reserved = 0);

// A close frame. Code 1005 writes an empty payload. Precondition: reason of at most 123 bytes.
std::string encode_close(std::uint16_t code, std::string_view reason, std::optional<mask_key> mask);

// What a close frame said; code 1005 when it was empty.
struct close_payload {
  std::uint16_t code = 1005;
  std::string_view reason;
};
close_payload decode_close(std::string_view payload) noexcept;

// XORs in place; `offset` is how many bytes of the payload came before.
void apply_mask(char* data, std::size_t size, const mask_key& key, std::size_t offset) noexcept;

}  // namespace client::websocket

#include "harness/client/websocket/frame.hpp"

namespace client::websocket {

void apply_mask(char* data, std::size_t size, const mask_key& key, std::size_t offset) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    data[i] = static_cast<char>(static_cast<std::uint8_t>(data[i]) ^ key[(offset + i) % 4]);
  }
}

std::string encode_frame(opcode op, std::string_view payload, std::optional<mask_key> mask, bool fin,
                         std::uint8_t reserved) {
  std::string out;
  out.reserve(payload.size() + 14);
  out += static_cast<char>((fin ? 0x80U : 0U) | ((reserved & 7U) << 4U) | static_cast<std::uint8_t>(op));
  const unsigned mask_bit = mask ? 0x80U : 0U;
  const std::uint64_t size = payload.size();
  if (size < 126) {
    out += static_cast<char>(mask_bit | size);
  } else {
    const int bytes = size < 0x10000 ? 2 : 8;
    out += static_cast<char>(mask_bit | (bytes == 2 ? 126U : 127U));
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>((size >> shift) & 0xFFU);
  }
  if (mask) {
    for (const std::uint8_t byte : *mask) out += static_cast<char>(byte);
  }
  const std::size_t start = out.size();
  out += payload;
  if (mask) apply_mask(out.data() + start, payload.size(), *mask, 0);
  return out;
}

std::string encode_close(std::uint16_t code, std::string_view reason, std::optional<mask_key> mask) {
  std::string payload;
  if (code != 1005) {
    payload += static_cast<char>(code >> 8U);
    payload += static_cast<char>(code & 0xFFU);
    payload += reason;
  }
  return encode_frame(opcode::close, payload, mask);
}

close_payload decode_close(std::string_view payload) noexcept {
  if (payload.size() < 2) return {};
  const unsigned code = static_cast<std::uint8_t>(payload[0]) * 256U + static_cast<std::uint8_t>(payload[1]);
  return {static_cast<std::uint16_t>(code), payload.substr(2)};
}

}  // namespace client::websocket

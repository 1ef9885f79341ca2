#include "harness/client/jwt/base64url.hpp"

#include <cstdint>

namespace client::jwt {

namespace {

// `last` are the two letters in which the alphabets differ.
std::string encode(std::string_view bytes, std::string_view last) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + std::string(last);
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = (held << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += alphabet[(held >> bits) & 63U];
    }
  }
  if (bits > 0) out += alphabet[(held << (6 - bits)) & 63U];
  return out;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out = encode(bytes, "+/");
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::string base64url(std::string_view bytes) {
  return encode(bytes, "-_");
}

}  // namespace client::jwt

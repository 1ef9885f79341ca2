#include "harness/client/jwt/base64url.hpp"

#include <cstdint>

namespace client::jwt {

std::string base64url(std::string_view bytes) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
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

}  // namespace client::jwt

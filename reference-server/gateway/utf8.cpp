#include "reference-server/gateway/utf8.hpp"

namespace gateway {

bool utf8_check::feed(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (missing_ > 0) {
      if (byte < lowest_ || byte > highest_) return false;
      lowest_ = 0x80;
      highest_ = 0xbf;
      --missing_;
      continue;
    }
    if (byte < 0x80) continue;
    if (byte < 0xc2 || byte > 0xf4) return false;  // a continuation, an overlong form, or above U+10FFFF
    missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte == 0xe0) lowest_ = 0xa0;   // below: overlong
    if (byte == 0xed) highest_ = 0x9f;  // above: surrogates
    if (byte == 0xf0) lowest_ = 0x90;   // below: overlong
    if (byte == 0xf4) highest_ = 0x8f;  // above: past U+10FFFF
  }
  return true;
}

}  // namespace gateway

#include "harness/client/websocket/utf8.hpp"

#include <cstddef>
#include <cstring>

namespace client::websocket {

bool utf8_validator::feed(std::string_view bytes) noexcept {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    if (needed_ == 0) {
      // Eight ASCII bytes at a time: chat text is mostly that.
      std::uint64_t word = 0;
      while (end - at >= 8 && (std::memcpy(&word, at, 8), (word & 0x8080808080808080U) == 0)) at += 8;
      if (at == end) break;
    }
    const auto byte = static_cast<std::uint8_t>(*at++);
    if (needed_ > 0) {
      if (byte < low_ || byte > high_) return false;
      --needed_;
      low_ = 0x80;
      high_ = 0xBF;
    } else if (byte < 0x80) {
      continue;
    } else if (byte >= 0xC2 && byte <= 0xDF) {
      needed_ = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
      needed_ = 2;
      if (byte == 0xE0) low_ = 0xA0;   // shorter forms exist
      if (byte == 0xED) high_ = 0x9F;  // surrogates
    } else if (byte >= 0xF0 && byte <= 0xF4) {
      needed_ = 3;
      if (byte == 0xF0) low_ = 0x90;   // shorter forms exist
      if (byte == 0xF4) high_ = 0x8F;  // above U+10FFFF
    } else {
      return false;
    }
  }
  return true;
}

bool is_utf8(std::string_view bytes) noexcept {
  utf8_validator validator;
  return validator.feed(bytes) && validator.complete();
}

}  // namespace client::websocket

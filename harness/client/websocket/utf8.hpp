// UTF-8 checked as it comes, any split of the bytes, failing at the first byte that cannot be right (RFC 3629: shortest
// form, no surrogates, nothing above U+10FFFF). Two bytes of state, any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace client::websocket {

class utf8_validator {
 public:
  // False when these bytes cannot follow what came before.
  bool feed(std::string_view bytes) noexcept;
  // Not inside a character.
  bool complete() const noexcept { return needed_ == 0; }
  void reset() noexcept { *this = {}; }

 private:
  std::uint8_t needed_ = 0;  // continuation bytes still to come
  std::uint8_t low_ = 0x80;  // the range of the next one
  std::uint8_t high_ = 0xBF;
};

bool is_utf8(std::string_view bytes) noexcept;

}  // namespace client::websocket

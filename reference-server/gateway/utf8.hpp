// Tells whether bytes are UTF-8 (RFC 3629: shortest forms, no surrogates, nothing above U+10FFFF), piece by piece and
// as soon as possible. A plain value; owned by whoever reads the text.
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway {

class utf8_check {
 public:
  // False as soon as no continuation of what was given so far could be UTF-8; then the value is of no more use.
  bool feed(std::string_view bytes);
  // Whether the text may end here.
  bool complete() const { return missing_ == 0; }

 private:
  std::uint8_t missing_ = 0;                     // continuation bytes that are still to come
  std::uint8_t lowest_ = 0x80, highest_ = 0xbf;  // bounds of the next one
};

}  // namespace gateway

#include "reports/text/visible.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

namespace reports {

namespace {

struct decoded {
  std::uint32_t point = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

/// The character at the beginning of the text, by RFC 3629: shortest form, no surrogates, at most U+10FFFF.
decoded first_character(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  if (bytes == 0 || lead >= 0xf8 || text.size() < bytes) return {};
  std::uint32_t point = lead & (0x7fU >> bytes);
  for (std::size_t at = 1; at < bytes; ++at) {
    if ((byte(at) & 0xc0U) != 0x80) return {};
    point = (point << 6U) | (byte(at) & 0x3fU);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < smallest[bytes] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return {};
  return {point, bytes};
}

bool hidden(std::uint32_t point) {
  return (point >= 0x80 && point < 0xa0) ||      // C1 controls
         point == 0xad ||                        // soft hyphen
         point == 0x61c || point == 0x180e ||    // Arabic letter mark, Mongolian vowel separator
         (point >= 0x200b && point < 0x2010) ||  // no width, directions
         (point >= 0x2028 && point < 0x202f) ||  // line separators, directions
         (point >= 0x2060 && point < 0x2070) ||  // no width, isolates
         point == 0xfeff ||                      // byte order mark
         (point >= 0xfff0 && point < 0xfffc) ||  // interlinear annotations
         (point & 0xfffeU) == 0xfffe ||          // no characters
         (point >= 0xfdd0 && point < 0xfdf0) ||  // no characters
         (point >= 0xe0000 && point < 0xe1000);  // tags
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto into = std::back_inserter(out);
  while (!text.empty()) {
    const auto [point, bytes] = first_character(text);
    if (bytes == 0) {
      fmt::format_to(into, "\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (point == '\n') {
      out += "\\n";
    } else if (point == '\t') {
      out += "\\t";
    } else if (point == '\r') {
      out += "\\r";
    } else if (point < 0x20 || point == 0x7f) {
      fmt::format_to(into, "\\x{:02x}", point);
    } else if (hidden(point)) {
      fmt::format_to(into, "\\u{{{:x}}}", point);
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out;
}

}  // namespace reports

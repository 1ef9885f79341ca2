#include "reports/markdown/spans.hpp"

#include "reports/text/visible.hpp"

#include <algorithm>

namespace reports {

namespace {

/// At most so many bytes, whole characters only.
std::string cut(std::string text, std::size_t at_most) {
  if (text.size() <= at_most) return text;
  while (at_most > 0 && (static_cast<unsigned char>(text[at_most]) & 0xc0U) == 0x80) --at_most;
  text.resize(at_most);
  return text + "…";
}

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string prose(std::string_view text) {
  constexpr std::string_view special = "\\`*_{}[]<>#|!~&";
  constexpr std::string_view nothing = "<!-- -->";  // ends what would become a mention or a link
  std::string out;
  char before = 0;
  for (const char c : visible(text)) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    if (c == '/' && before == ':') out += nothing;
    out += c;
    if (c == '@') out += nothing;
    before = c;
  }
  return out;
}

std::string code(std::string_view text, std::size_t at_most) {
  const std::string shown = cut(visible(text), at_most);
  if (shown.empty()) return "(empty)";
  const std::string fence(longest_run_of_backticks(shown) + 1, '`');
  const bool at_the_edge = shown.front() == '`' || shown.back() == '`';
  std::string out = fence + (at_the_edge ? " " : "");
  for (const char c : shown) {
    if (c == '|') out += '\\';  // in a table also inside of code
    out += c;
  }
  return out + (at_the_edge ? " " : "") + fence;
}

}  // namespace reports

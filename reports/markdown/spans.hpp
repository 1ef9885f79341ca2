// Text inside of Markdown. Pure.
#pragma once

#include <string>
#include <string_view>

namespace reports {

/// Text of ours or of a target file, with the characters escaped that mean something in Markdown, tables and HTML.
std::string prose(std::string_view text);

/// Any text as a code span that it cannot end, also inside a table; cut after `at_most` bytes.
std::string code(std::string_view text, std::size_t at_most = 400);

}  // namespace reports

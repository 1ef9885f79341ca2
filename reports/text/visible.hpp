// Text that came from a target, made safe to look at. Pure.
#pragma once

#include <string>
#include <string_view>

namespace reports {

/// Everything that would not be seen, or would change how the text around it is seen, becomes an escape: control
/// characters "\x1b", marks that turn the direction of writing or have no width "\u{202e}", bytes that are no UTF-8
/// "\xff". The result is valid UTF-8 and one line: a line feed becomes "\n", a tab "\t".
std::string visible(std::string_view text);

}  // namespace reports

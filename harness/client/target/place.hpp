// Where a key of a target file stands, for what is found out about it long after the file was read. Pure, any thread.
#pragma once

#include <string_view>

namespace client {

// The line (from 1) of the dotted key in the YAML text, or of its nearest parent that is there; 0 when none is, or the
// text is no YAML.
int line_of(std::string_view yaml, std::string_view key);

}  // namespace client

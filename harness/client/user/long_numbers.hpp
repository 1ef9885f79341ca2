// Ids may be numbers that no double and no 64-bit integer holds. Pure.
#pragma once

#include <string>
#include <string_view>

namespace client {

// The same JSON text with every integer of 19 digits or more put in quotes, so that a parser keeps all its digits. Text
// that is not JSON may come out changed; it is refused by the parser before and after.
std::string quote_long_numbers(std::string_view json);

}  // namespace client

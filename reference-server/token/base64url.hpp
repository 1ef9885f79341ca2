// Base64url without padding (RFC 4648, section 5), strictly: one text for each value, nothing else is taken.
// Pure functions, usable on any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace token {

std::string encode_base64url(std::string_view bytes);

// Nothing for padding, characters outside the alphabet, an impossible length, or set bits that stand for no byte.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace token

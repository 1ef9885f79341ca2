// Base64 with padding, the standard alphabet (RFC 4648, section 4). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace record {

std::string to_base64(std::string_view bytes);

// Nothing when the text is not exactly what to_base64 writes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace record

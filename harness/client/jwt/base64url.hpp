// base64 (RFC 4648): the usual one with padding, and base64url without. Pure.
#pragma once

#include <string>
#include <string_view>

namespace client::jwt {

std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes);

}  // namespace client::jwt

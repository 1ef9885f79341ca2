// base64url without padding (RFC 4648, section 5). Pure.
#pragma once

#include <string>
#include <string_view>

namespace client::jwt {

std::string base64url(std::string_view bytes);

}  // namespace client::jwt

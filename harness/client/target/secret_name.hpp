// Which names speak of something that is not shown: of headers, members of JSON, fields, columns. Pure.
#pragma once

#include <string_view>

namespace client {

// "password", "accessToken", "X-CSRF-Token", "sid".
bool names_a_secret(std::string_view name);

}  // namespace client

// The bytes of a request. Pure; nothing is judged, so that cases can write what no server should accept.
#pragma once

#include "harness/client/http/exchange.hpp"
#include "harness/client/target/url.hpp"

#include <string>

namespace client::http {

std::string encode_request(const request& request, const url& origin);

}  // namespace client::http

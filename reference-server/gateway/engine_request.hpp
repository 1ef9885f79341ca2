// What a request to the Engine.IO path asks for, and the answers that need no session: refusals in the protocol's own
// form, and what browsers of other origins have to be told. Pure functions.
#pragma once

#include "reference-server/http/request.hpp"
#include "reference-server/http/response.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gateway {

enum class engine_refusal : std::uint8_t {
  unknown_transport = 0,
  unknown_session = 1,
  bad_method = 2,
  bad_request = 3,
  forbidden = 4,  // 403, the others are 400
  bad_version = 5,
};
// JSON with code and message; the headers are allow_origin()'s.
http::response refuse(engine_refusal why, std::string headers = {});

struct engine_query {
  std::string_view transport, session, version;  // as sent; of several equal names the first counts
};
engine_query read_engine_query(std::string_view query);

// Header lines that let a page of an allowed Origin read the answer; none for a request without Origin. An empty list
// allows any Origin.
std::string allow_origin(const http::request& asked, std::span<const std::string> origins);

// To OPTIONS from a page of another origin.
http::response preflight(std::string headers);

}  // namespace gateway

// Finds the one token of a request. No I/O.
#pragma once

#include "conformance/selftest/faulty/request.hpp"

#include <optional>
#include <string>

namespace faulty {

struct Credentials {
  bool conflict = false;  // two different ones: the request is refused whatever they are
  std::string token;      // empty: none
};

// REST takes the token from Authorization alone, the socket also from ?access_token=.
Credentials rest_credentials(const Request& request);
Credentials socket_credentials(const Request& request);

}  // namespace faulty

// Whether a request to /ws may become a socket, and whose. No I/O.
#pragma once

#include "conformance/selftest/faulty/request.hpp"
#include "conformance/selftest/faulty/server.hpp"

#include <string>
#include <variant>

namespace faulty {

struct SocketOpening {
  std::string user;
  double expires = 0;          // seconds since 1970
  bool on_sufferance = false;  // let in without a valid token, for a second
};

std::variant<SocketOpening, Answer> check_upgrade(const Request& request, Server& server);

}  // namespace faulty

// Finds the token in a request for a socket: `Authorization: Bearer …` or `?access_token=…` (browsers can set no
// header). A pure function.
#pragma once

#include "reference-server/http/request.hpp"

#include <optional>
#include <string>

namespace gateway {

struct credential {
  std::optional<std::string> token;  // nothing: there is none
  bool conflicting = false;          // two that differ
};

// A header with another scheme counts as a credential that is no token. Never write the result to a log.
credential find_credential(const http::request& asked);

// The token in what a Socket.IO client says in CONNECT, a JSON object or nothing: its member `token`, if that is text.
std::optional<std::string> find_token(std::string_view auth);

}  // namespace gateway

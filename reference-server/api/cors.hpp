// Cross-origin access for the web pages of configured origins (the Fetch standard's CORS protocol), and only for these:
// who has no token gets nothing, so this decides which pages may use one. A plain value; pure.
#pragma once

#include "reference-server/http/request.hpp"
#include "reference-server/http/response.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace api {

class cors {
 public:
  explicit cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // The sentence against what is no origin as browsers send it (scheme://host[:port], nothing behind it); "" when it
  // is.
  static std::string check(const std::string& origin);

  // Adds to any answer what the page that asked needs to read it.
  void extend(const http::request& asked, http::response& answer) const;

  // Adds to an answer to OPTIONS what a preflight asks for; `methods` is the value of Allow.
  void allow(const http::request& asked, std::string_view methods, http::response& answer) const;

 private:
  bool knows(const http::request& asked) const;

  std::vector<std::string> origins_;
};

}  // namespace api

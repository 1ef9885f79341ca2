// A request and its answer as plain values: what the HTTP session reads and writes and the handlers work on. No I/O.
#pragma once

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faulty {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;   // as sent, without the query
  std::string query;  // as sent, without the question mark
  Headers headers;
  std::string body;

  // All values of a header, name in any case.
  std::vector<std::string_view> values(std::string_view name) const;
  // The first value, or empty.
  std::string_view value(std::string_view name) const;
};

struct Answer {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  Headers headers;
  bool close = false;
};
using Reply = std::function<void(Answer)>;

// An error as application/problem+json.
Answer problem(int status, std::string_view detail);
// 401 with its challenge.
Answer unauthorised(std::string_view detail);
// 422 that names the field.
Answer unprocessable(std::string_view field, std::string_view detail);

// The decoded values of a query parameter; nothing when an escape is broken.
std::optional<std::vector<std::string>> parameter(std::string_view query, std::string_view name);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// Splits path and query off a request target, which may be absolute ("http://host/path").
void set_target(Request& request, std::string_view target);

}  // namespace faulty

// One HTTP request and what came of it. What the target did wrong (garbage, a truncated answer, a reset, silence) is
// data here, never an exception. Plain data.
#pragma once

#include "harness/client/net.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::http {

struct header {
  std::string name;
  std::string value;
};

// Names of headers, whatever their case.
bool same_name(std::string_view a, std::string_view b) noexcept;

// The path of the base URL is put before a target that begins with a slash; Host and Content-Length are added by the
// connection unless the headers name them (or Transfer-Encoding).
struct request {
  std::string method = "GET";
  std::string target = "/";  // path and query
  std::vector<header> headers = {};
  std::string body = {};
  std::vector<std::string> without = {};  // names of headers that a user would add, and shall not
};

enum class failure : std::uint8_t {
  none,
  resolve,    // the name has no address
  connect,    // nobody listens, or not reachable
  closed,     // the peer closed before one byte of the answer
  reset,      // the connection broke before one byte of the answer
  truncated,  // closed or broke inside the answer
  garbage,    // what came is not HTTP, or says nothing that could be an answer
  too_large,  // headers over 64 KiB or a body over 16 MiB
  timeout,    // not complete at the deadline
  cancelled,  // by us
};
std::string_view to_string(failure failure) noexcept;

struct exchange {
  time_point started{};                       // when it was handed over; waiting for a connection is part of it
  std::optional<time_point> first_byte_sent;  // read before the first byte was written; nothing: no byte ever was
  time_point completed{};                     // read after the last byte of the answer, or when the failure was known

  http::failure failure = http::failure::none;
  std::string detail;  // of a failure, for people

  int status = 0;  // also with failure truncated, when the status line had come; else 0
  std::vector<header> headers;
  std::string body;
  bool reused = false;  // the connection had carried an exchange before

  bool answered() const noexcept { return failure == http::failure::none; }
  bool success() const noexcept { return answered() && status >= 200 && status < 300; }
  // First value of a header, whatever its case; nothing when it is absent.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  // "201", "timeout: no answer in 10 s": for people.
  std::string summary() const;
};

}  // namespace client::http

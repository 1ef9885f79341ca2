// One HTTP request, read completely. All views point into its connection's memory and stay valid until the exchange
// they came with is answered, taken over or dropped.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace http {

enum class method : std::uint8_t { get, head, post, put, del, patch, options, other };

struct field {
  std::string_view name;
  std::string_view value;  // without the white space around it
};

struct request {
  http::method method = method::other;
  std::string_view target;  // as sent, origin form: path and query
  std::string_view path;    // the target up to '?', not decoded
  std::string_view query;   // what follows '?', not decoded; empty when there is none
  std::vector<field> fields;
  std::string_view body;
  bool http_1_0 = false;
  bool keep_alive = true;

  // The first field of that name, letter case aside; null when there is none.
  const std::string_view* find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

// Equal, ASCII letter case aside.
bool equal_ignoring_case(std::string_view left, std::string_view right);

// Whether a comma-separated field value (Connection, Upgrade) holds this token, letter case aside.
bool has_token(std::string_view list, std::string_view token);

}  // namespace http

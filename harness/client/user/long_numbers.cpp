#include "harness/client/user/long_numbers.hpp"

#include <cstddef>

namespace client {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Just behind the string that begins at `at` (a quote).
std::size_t skip_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size(); ++at) {
    if (json[at] == '\\') {
      ++at;
    } else if (json[at] == '"') {
      return at + 1;
    }
  }
  return json.size();
}

// Just behind everything that can belong to a number.
std::size_t skip_number(std::string_view json, std::size_t at) {
  constexpr std::string_view parts = "0123456789+-.eE";
  while (at < json.size() && parts.find(json[at]) != std::string_view::npos) ++at;
  return at;
}

bool is_long_integer(std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  if (number.size() < 19 || number[0] == '0') return false;
  for (const char c : number) {
    if (!is_digit(c)) return false;
  }
  return true;
}

}  // namespace

std::string quote_long_numbers(std::string_view json) {
  std::string out;
  out.reserve(json.size() + 16);
  for (std::size_t at = 0; at < json.size();) {
    std::size_t end = at + 1;
    if (json[at] == '"') {
      end = skip_string(json, at);
    } else if (json[at] == '-' || is_digit(json[at])) {
      end = skip_number(json, at);
      if (const auto number = json.substr(at, end - at); is_long_integer(number)) {
        out.append("\"").append(number).append("\"");
        at = end;
        continue;
      }
    }
    end = end < json.size() ? end : json.size();
    out.append(json.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace client

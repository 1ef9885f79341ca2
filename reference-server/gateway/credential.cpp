#include "reference-server/gateway/credential.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace gateway {

namespace {

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

// What is no valid escape stays as it is: it makes no token valid.
std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      result += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

void add(credential& found, std::string token) {
  if (found.token && *found.token != token) found.conflicting = true;
  found.token = std::move(token);
}

}  // namespace

credential find_credential(const http::request& asked) {
  credential found;
  for (const auto& field : asked.fields) {
    if (!http::equal_ignoring_case(field.name, "Authorization")) continue;
    auto value = field.value;
    if (value.size() > 7 && http::equal_ignoring_case(value.substr(0, 7), "Bearer ")) {
      value.remove_prefix(7);
      value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    }
    add(found, std::string(value));
  }
  for (std::string_view rest = asked.query; !rest.empty();) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    if (pair.starts_with("access_token=")) add(found, decoded(pair.substr(13)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

std::optional<std::string> find_token(std::string_view auth) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(auth, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto* token = object == nullptr ? nullptr : object->if_contains("token");
  if (token == nullptr || !token->is_string()) return std::nullopt;
  return std::string(token->get_string());
}

}  // namespace gateway

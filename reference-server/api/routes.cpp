#include "reference-server/api/routes.hpp"

#include "reference-server/api/page.hpp"

namespace api {
namespace {

constexpr std::int64_t highest_id = (std::int64_t{1} << 53) - 1;

std::string_view first_segment(std::string_view& rest) {
  const std::string_view segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
  return segment;
}

bool read_id(std::string_view digits, std::int64_t& id) {
  const auto number = digits.empty() || digits.front() == '0' ? std::nullopt : parse_number(digits);
  id = number.value_or(0);
  return number && id <= highest_id;
}

bool fits(std::string_view pattern, std::string_view path, matched& found) {
  if (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  if (path.ends_with('/')) {
    return false;
  }
  pattern.remove_suffix(1);
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = first_segment(pattern);
    const std::string_view given = first_segment(path);
    const bool fitting = wanted == "{chat}"      ? read_id(given, found.chat)
                         : wanted == "{message}" ? read_id(given, found.message)
                                                 : wanted == given;
    if (!fitting) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

matched match(http::method method, std::string_view path, std::span<const route> among) {
  matched found;
  for (const route& candidate : among) {
    if (!fits(candidate.pattern, path, found)) {
      continue;
    }
    if (candidate.method == method || (candidate.method == http::method::get && method == http::method::head)) {
      found.hit = &candidate;
      return found;
    }
    if (!found.allowed.empty()) {
      found.allowed += ", ";
    }
    found.allowed += candidate.method == http::method::get ? "GET, HEAD" : "POST";
  }
  if (!found.allowed.empty()) {
    found.allowed += ", OPTIONS";
  }
  return found;
}

}  // namespace api

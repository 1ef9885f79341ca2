#include "reference-server/api/routes.hpp"

#include "reference-server/api/page.hpp"

namespace api {
namespace {

constexpr std::int64_t highest_id = (std::int64_t{1} << 53) - 1;

// Takes an id off the front of the path, up to the next slash.
bool take_id(std::string_view& path, std::int64_t& id) {
  const std::string_view digits = path.substr(0, path.find('/'));
  path.remove_prefix(digits.size());
  const auto number = digits.empty() || digits.front() == '0' ? std::nullopt : parse_number(digits);
  id = number.value_or(0);
  return number && id <= highest_id;
}

// Both without their last slash.
bool fits(std::string_view pattern, std::string_view path, matched& found) {
  for (;;) {
    const auto brace = pattern.find('{');
    const std::string_view literal = pattern.substr(0, brace);
    if (brace == pattern.npos) {
      return path == literal;
    }
    if (!path.starts_with(literal)) {
      return false;
    }
    path.remove_prefix(literal.size());
    if (!take_id(path, pattern.substr(brace).starts_with("{chat}") ? found.chat : found.message)) {
      return false;
    }
    pattern.remove_prefix(pattern.find('}', brace) + 1);
  }
}

}  // namespace

matched match(http::method method, std::string_view path, std::span<const route> among) {
  matched found;
  if (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  for (const route& candidate : among) {
    if (!fits(candidate.pattern.substr(0, candidate.pattern.size() - 1), path, found)) {
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

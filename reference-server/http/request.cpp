#include "reference-server/http/request.hpp"

#include <algorithm>

namespace http {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) {
      item.remove_prefix(1);
    }
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) {
      item.remove_suffix(1);
    }
    if (equal_ignoring_case(item, token)) {
      return true;
    }
  }
  return false;
}

const std::string_view* request::find(std::string_view name) const {
  for (const field& candidate : fields) {
    if (equal_ignoring_case(candidate.name, name)) {
      return &candidate.value;
    }
  }
  return nullptr;
}

std::size_t request::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), [name](const field& candidate) {
    return equal_ignoring_case(candidate.name, name);
  }));
}

}  // namespace http

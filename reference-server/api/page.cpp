#include "reference-server/api/page.hpp"

#include <charconv>

namespace api {
namespace {

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    unsigned value = 0;
    const char* const end = text.data() + std::min(i + 3, text.size());
    if (const auto read = std::from_chars(text.data() + i + 1, end, value, 16);
        i + 2 >= text.size() || read.ptr != end || read.ec != std::errc()) {
      return std::nullopt;
    }
    decoded += static_cast<char>(value);
    i += 2;
  }
  return decoded;
}

}  // namespace

std::optional<std::int64_t> parse_number(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failed != std::errc() || end != digits.data() + digits.size() || digits.front() == '-') {
    return std::nullopt;
  }
  return number;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name, bool& bad) {
  std::optional<std::string> found;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::string_view key = pair.substr(0, pair.find('='));
    if (key != name) {
      continue;
    }
    const auto value = percent_decoded(pair.substr(std::min(key.size() + 1, pair.size())));
    bad = bad || found.has_value() || !value;
    found = value.value_or("");
  }
  return found;
}

boost::system::result<page, std::string> parse_page(std::string_view query, bool both_ways) {
  page asked;
  bool bad = false;
  if (const auto limit = query_parameter(query, "limit", bad)) {
    const auto number = parse_number(*limit);
    if (bad || !number || *number < 1 || *number > 200) {
      return std::string("limit has to be given once, as a number from 1 to 200");
    }
    asked.limit = *number;
  }
  for (const auto& [name, position] : {std::pair("after", &page::after), std::pair("before", &page::before)}) {
    if (position == &page::before && !both_ways) {
      continue;
    }
    if (const auto id = query_parameter(query, name, bad)) {
      asked.*position = parse_number(*id);
      if (bad || !(asked.*position)) {
        return std::string(name) + " has to be given once, as an id";
      }
    }
  }
  if (asked.after && asked.before) {
    return std::string("after and before exclude each other");
  }
  return asked;
}

}  // namespace api

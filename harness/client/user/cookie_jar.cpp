#include "harness/client/user/cookie_jar.hpp"

#include <algorithm>

namespace client {

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool is_over(std::string_view attributes) {
  while (!attributes.empty()) {
    attributes.remove_prefix(1);  // the semicolon
    const std::string_view one = attributes.substr(0, attributes.find(';'));
    attributes.remove_prefix(one.size());
    const auto equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = trimmed(one.substr(0, equals));
    const std::string_view value = trimmed(one.substr(equals + 1));
    if (http::same_name(name, "Max-Age")) return value.starts_with('-') || value == "0";
    if (http::same_name(name, "Expires") && value.find(" 1970 ") != std::string_view::npos) return true;
    if (http::same_name(name, "Expires") && value.find("-1970 ") != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

void cookie_jar::take(const http::exchange& answer) {
  for (const http::header& each : answer.headers) {
    if (http::same_name(each.name, "Set-Cookie")) take_one(each.value);
  }
}

void cookie_jar::take_one(std::string_view line) {
  const std::string_view pair = line.substr(0, line.find(';'));
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view name = trimmed(pair.substr(0, equals));
  if (name.empty()) return;
  std::erase_if(cookies_, [&](const auto& known) { return known.first == name; });
  if (!is_over(line.substr(pair.size()))) cookies_.emplace_back(name, trimmed(pair.substr(equals + 1)));
}

std::optional<std::string_view> cookie_jar::find(std::string_view name) const noexcept {
  for (const auto& [known, value] : cookies_) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string cookie_jar::header() const {
  std::string out;
  for (const auto& [name, value] : cookies_) {
    if (!out.empty()) out += "; ";
    out.append(name).append("=").append(value);
  }
  return out;
}

void cookie_jar::replace_values(std::string_view by) {
  for (auto& [name, value] : cookies_) value = by;
}

}  // namespace client

#include "conformance/selftest/faulty/validation.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace faulty {
namespace {

constexpr std::size_t longest_body = 4096;
constexpr std::size_t deepest = 32;

// Decodes the UTF-8 at `at` and moves on; the text is known to be valid.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  char32_t code = lead & (0x3fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i) code = code << 6 | (byte(at++) & 0x3fu);
  return code;
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return equal_ignoring_case(type, "application/json");
}

// A number parameter given at most once; `fallback` when it is absent, -1 when it is wrong.
std::int64_t number(const Request& request, std::string_view name, std::int64_t fallback) {
  const auto values = parameter(request.query, name);
  if (!values || values->size() > 1) return -1;
  return values->empty() ? fallback : parse_id(values->front());
}

bool given(const Request& request, std::string_view name) {
  const auto values = parameter(request.query, name);
  return values && !values->empty();
}

}  // namespace

Checked<boost::json::object> json_object(const Request& request) {
  if (request.values("Content-Type").size() != 1 || !is_json(request.value("Content-Type")))
    return problem(415, "expected Content-Type: application/json");
  boost::json::parse_options options;
  options.max_depth = deepest;
  boost::system::error_code error;
  auto value = boost::json::parse(request.body, error, {}, options);
  if (error) return problem(400, "the body is not JSON: " + error.message());
  if (!value.is_object()) return problem(400, "the body is not a JSON object");
  return std::move(value.get_object());
}

Checked<std::string> message_body(const boost::json::object& object) {
  const auto* member = object.if_contains("body");
  if (member == nullptr) return unprocessable("body", "is required");
  if (!member->is_string()) return unprocessable("body", "is not a string");
  const std::string_view text = member->get_string();
  std::size_t count = 0;
  bool blank = true;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const char32_t code = next_code_point(text, at);
    if (code == 0) return unprocessable("body", "holds U+0000");
    blank = blank && is_white_space(code);
  }
  if (blank) return unprocessable("body", "is blank");
  if (count > longest_body) return unprocessable("body", "is longer than 4096 characters");
  return std::string(text);
}

Checked<std::string> user_id(const boost::json::object& object, std::string_view field) {
  const auto* member = object.if_contains(field);
  if (member == nullptr) return unprocessable(field, "is required");
  if (!member->is_string()) return unprocessable(field, "is not a string");
  const std::string text(std::string_view(member->get_string()));
  if (!is_user_id(text)) return unprocessable(field, "is not a user id ([A-Za-z0-9_.-], 1 to 64 characters)");
  return text;
}

Checked<std::string> participant(const boost::json::object& object, std::string_view caller) {
  auto peer = user_id(object, "participant");
  if (const auto* id = std::get_if<std::string>(&peer); id != nullptr && *id == caller)
    return unprocessable("participant", "is the caller");
  return peer;
}

Checked<std::string> idempotency_key(const Request& request) {
  const auto keys = request.values("Idempotency-Key");
  if (keys.empty()) return std::string();
  const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
  if (keys.size() > 1 || keys.front().empty() || keys.front().size() > 255 ||
      !std::all_of(keys.front().begin(), keys.front().end(), visible))
    return problem(400, "expected one Idempotency-Key of 1 to 255 visible ASCII characters");
  return std::string(keys.front());
}

Checked<Window> window(const Request& request, bool backwards_too) {
  Window window;
  const auto limit = number(request, "limit", 50);
  if (limit < 1 || limit > 200) return problem(400, "limit: expected a number from 1 to 200");
  window.limit = static_cast<std::size_t>(limit);
  const auto after = number(request, "after", 0);
  const auto before = backwards_too ? number(request, "before", 0) : 0;
  if (after < 0 || before < 0) return problem(400, "after, before: expected an id");
  const bool forward = given(request, "after") || !backwards_too;
  const bool backward = backwards_too && given(request, "before");
  if (forward && backward) return problem(400, "after and before exclude each other");
  if (forward) {
    window.kind = Window::Kind::after;
    window.cursor = after;
  } else if (backward) {
    window.kind = Window::Kind::before;
    window.cursor = before;
  }
  return window;
}

}  // namespace faulty

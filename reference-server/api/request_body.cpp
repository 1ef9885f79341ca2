#include "reference-server/api/request_body.hpp"

#include "reference-server/token/user_id.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>

namespace api {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_body = 4096;  // code points
constexpr std::size_t deepest = 32;

// The text of one member of the object, the last one of its name. boost::json checks UTF-8, surrogates and depth.
body_result<std::string> text_member(std::string_view text, std::string_view field) {
  std::array<unsigned char, 2048> arena;
  json::monotonic_resource memory(arena.data(), arena.size());
  json::parse_options options;
  options.max_depth = deepest;
  boost::system::error_code failed;
  const json::value parsed = json::parse(text, failed, &memory, options);
  if (failed) {
    return body_refusal{400, {}, "the body is not JSON: " + failed.message()};
  }
  const json::object* object = parsed.if_object();
  if (object == nullptr) {
    return body_refusal{400, {}, "the body is not a JSON object"};
  }
  const json::value* member = object->if_contains(field);
  if (member == nullptr) {
    return body_refusal{422, std::string(field), "is required"};
  }
  if (!member->is_string()) {
    return body_refusal{422, std::string(field), "has to be a string"};
  }
  return std::string(member->get_string());
}

// The White_Space characters beyond ASCII and their length in UTF-8; 0 when `text` starts with none.
std::size_t wide_space(std::string_view text) {
  static constexpr std::array<std::string_view, 19> spaces{
      "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
      "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  const auto found =
      std::find_if(spaces.begin(), spaces.end(), [text](std::string_view space) { return text.starts_with(space); });
  return found == spaces.end() ? 0 : found->size();
}

}  // namespace

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t space = c == ' ' || (c >= '\t' && c <= '\r') ? 1 : wide_space(text);
    if (space == 0) {
      return false;
    }
    text.remove_prefix(space);
  }
  return true;
}

body_result<std::string> parse_message_body(std::string_view json) {
  auto body = text_member(json, "body");
  if (!body) {
    return body;
  }
  if (body->find('\0') != std::string::npos) {
    return body_refusal{422, "body", "must not hold U+0000"};
  }
  if (is_blank(*body)) {
    return body_refusal{422, "body", "must not be blank"};
  }
  if (body->size() > longest_body && code_points(*body) > longest_body) {
    return body_refusal{422, "body", "must not be longer than 4096 characters"};
  }
  return body;
}

body_result<std::string> parse_user_field(std::string_view json, std::string_view field) {
  auto user = text_member(json, field);
  if (user && !token::is_user_id(*user)) {
    return body_refusal{422, std::string(field), "has to be 1 to 64 of the characters A-Z a-z 0-9 _ . -"};
  }
  return user;
}

}  // namespace api

#include "reference-server/api/chat_json.hpp"

#include "reference-server/http/response.hpp"

#include <charconv>

namespace api {
namespace {

void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

void append_time(std::string& out, std::string_view postgres_time) {
  constexpr std::size_t date = 10;
  constexpr std::size_t whole_seconds = 19;
  out.append(postgres_time.substr(0, date));
  out += 'T';
  out.append(postgres_time.substr(date + 1, whole_seconds - date - 1));
  out += '.';
  std::string_view fraction = postgres_time.substr(whole_seconds);
  fraction = fraction.starts_with('.') ? fraction.substr(1, fraction.find_first_of("+-") - 1) : std::string_view();
  out.append(fraction);
  out.append(6 - fraction.size(), '0');
  out += 'Z';
}

void append_json(std::string& out, const message& shown) {
  out += "{\"id\":";
  append_number(out, shown.id);
  out += ",\"chat_id\":";
  append_number(out, shown.chat);
  // User ids need no escape: their alphabet has neither quotes nor backslashes.
  out.append(",\"sender\":\"").append(shown.sender);
  out.append("\",\"recipient\":\"").append(shown.recipient).append("\",\"body\":");
  http::append_json_string(out, shown.body);
  out += ",\"created_at\":\"";
  append_time(out, shown.created_at);
  out += "\"}";
}

void append_json(std::string& out, const chat& shown) {
  out += "{\"id\":";
  append_number(out, shown.id);
  out.append(",\"participants\":[\"").append(shown.low).append("\",\"").append(shown.high);
  out += "\"],\"created_at\":\"";
  append_time(out, shown.created_at);
  out += "\"}";
}

std::string chat_path(std::int64_t chat) {
  return "/api/v1/chats/" + std::to_string(chat) + "/";
}

std::string message_path(std::int64_t chat, std::int64_t message) {
  return chat_path(chat) + "messages/" + std::to_string(message) + "/";
}

}  // namespace api

#include "reference-server/api/chat_json.hpp"

#include "reference-server/http/response.hpp"

#include <charconv>

namespace api {
namespace {

void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void put_digits(char* at, std::size_t count, unsigned number) {
  for (; count > 0; number /= 10) {
    at[--count] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

void append_time(std::string& out, time_point at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  char text[] = "0000-00-00T00:00:00.000000Z";
  put_digits(text, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put_digits(text + 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text + 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text + 11, 2, static_cast<unsigned>(time.hours().count()));
  put_digits(text + 14, 2, static_cast<unsigned>(time.minutes().count()));
  put_digits(text + 17, 2, static_cast<unsigned>(time.seconds().count()));
  put_digits(text + 20, 6, static_cast<unsigned>(time.subseconds().count()));
  out.append(text, sizeof text - 1);
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

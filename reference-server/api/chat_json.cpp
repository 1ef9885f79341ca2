#include "reference-server/api/chat_json.hpp"

#include "reference-server/http/response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace api {
namespace {

// What stands around a message's users and body, numbers and time at their longest.
constexpr std::size_t around_texts = 160;

char* put(char* at, std::string_view text) {
  return std::copy(text.begin(), text.end(), at);
}

char* put_number(char* at, std::int64_t number) {
  return std::to_chars(at, at + 20, number).ptr;
}

// "00" to "99", one after the other.
constexpr auto pairs = [] {
  std::array<char, 200> digits{};
  for (unsigned i = 0; i < 100; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();

// Two digits of a number from 0 to 99.
void put_pair(char* at, std::int64_t number) {
  std::memcpy(at, pairs.data() + 2 * number, 2);
}

char* put_time(char* text, time_point at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  char* const end = put(text, "0000-00-00T00:00:00.000000Z");
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  put_pair(text, year / 100 % 100);
  put_pair(text + 2, year % 100);
  put_pair(text + 5, static_cast<unsigned>(date.month()));
  put_pair(text + 8, static_cast<unsigned>(date.day()));
  put_pair(text + 11, time.hours().count());
  put_pair(text + 14, time.minutes().count());
  put_pair(text + 17, time.seconds().count());
  const std::int64_t microseconds = time.subseconds().count();
  put_pair(text + 20, microseconds / 10000);
  put_pair(text + 22, microseconds / 100 % 100);
  put_pair(text + 24, microseconds % 100);
  return end;
}

}  // namespace

void append_time(std::string& out, time_point at) {
  char text[around_texts];
  out.append(text, put_time(text, at));
}

// A page is fifty of these: what surrounds the body is written into room made once.
void append_json(std::string& out, const message& shown) {
  const std::size_t begin = out.size();
  out.resize(begin + around_texts + shown.sender.size() + shown.recipient.size());
  char* end = put(out.data() + begin, "{\"id\":");
  end = put_number(end, shown.id);
  end = put(end, ",\"chat_id\":");
  end = put_number(end, shown.chat);
  // User ids need no escape: their alphabet has neither quotes nor backslashes.
  end = put(end, ",\"sender\":\"");
  end = put(end, shown.sender);
  end = put(end, "\",\"recipient\":\"");
  end = put(end, shown.recipient);
  end = put(end, "\",\"body\":");
  out.resize(static_cast<std::size_t>(end - out.data()));
  http::append_json_string(out, shown.body);
  char tail[around_texts];
  end = put(tail, ",\"created_at\":\"");
  end = put_time(end, shown.created_at);
  out.append(tail, put(end, "\"}"));
}

void append_json(std::string& out, const chat& shown) {
  out += "{\"id\":";
  out += std::to_string(shown.id);
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

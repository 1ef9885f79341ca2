#include "conformance/selftest/faulty/chat.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>

namespace faulty {

bool is_user_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

std::int64_t parse_id(std::string_view text) {
  std::int64_t value = -1;
  if (text.empty() || text[0] == '-' || (text[0] == '0' && text.size() > 1)) return -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value <= max_id ? value : -1;
}

std::int64_t now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string rfc3339(std::int64_t us) {
  const std::time_t seconds = us / 1'000'000;
  std::tm t{};
  gmtime_r(&seconds, &t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec, us % 1'000'000);
}

std::string to_json(const Chat& chat) {
  return fmt::format(R"({{"id":{},"participants":["{}","{}"],"created_at":"{}"}})", chat.id, chat.participants[0],
                     chat.participants[1], rfc3339(chat.created_us));
}

std::string to_json(const Message& m) {
  return fmt::format(R"({{"id":{},"chat_id":{},"sender":"{}","recipient":"{}","body":{},"created_at":"{}"}})", m.id,
                     m.chat, m.sender, m.recipient, boost::json::serialize(boost::json::string(m.body)),
                     rfc3339(m.created_us));
}

}  // namespace faulty

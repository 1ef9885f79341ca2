#include "conformance/selftest/faulty/answer_text.hpp"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>

#include <ctime>

namespace faulty {
namespace {

std::string date() {
  const std::time_t now = std::time(nullptr);
  std::tm t{};
  gmtime_r(&now, &t);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &t)};
}

}  // namespace

std::string to_text(const Answer& answer, bool head_only, bool close) {
  const std::string_view reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(answer.status));
  std::string text = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", answer.status, reason, date());
  for (const auto& [name, value] : answer.headers) text += fmt::format("{}: {}\r\n", name, value);
  if (answer.status != 204)
    text += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", answer.type, answer.body.size());
  if (close) text += "Connection: close\r\n";
  text += "\r\n";
  if (!head_only && answer.status != 204) text += answer.body;
  return text;
}

}  // namespace faulty

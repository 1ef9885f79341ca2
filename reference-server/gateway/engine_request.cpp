#include "reference-server/gateway/engine_request.hpp"

#include "reference-server/gateway/handshake.hpp"

#include <algorithm>
#include <array>

namespace gateway {

http::response refuse(engine_refusal why, std::string headers) {
  static constexpr std::array<std::string_view, 6> words = {
      "Transport unknown", "Session ID unknown", "Bad handshake method",
      "Bad request",       "Forbidden",          "Unsupported protocol version"};
  const auto code = static_cast<std::size_t>(why);
  http::response answer;
  answer.status = why == engine_refusal::forbidden ? 403 : 400;
  answer.headers = std::move(headers);
  answer.body = R"({"code":)" + std::to_string(code) + R"(,"message":")" + std::string(words[code]) + "\"}";
  return answer;
}

engine_query read_engine_query(std::string_view query) {
  engine_query found;
  const auto set = [](std::string_view& value, std::string_view text) {
    if (value.data() == nullptr) value = text;
  };
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.starts_with("EIO=")) set(found.version, pair.substr(4));
    if (pair.starts_with("transport=")) set(found.transport, pair.substr(10));
    if (pair.starts_with("sid=")) set(found.session, pair.substr(4));
  }
  return found;
}

std::string allow_origin(const http::request& asked, std::span<const std::string> origins) {
  const auto* origin = asked.find("Origin");
  if (origin == nullptr || !origin_allowed(asked, origins)) return {};
  if (origins.empty()) return "Access-Control-Allow-Origin: *\r\n";
  return "Access-Control-Allow-Origin: " + std::string(*origin) +
         "\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n";
}

http::response preflight(std::string headers) {
  http::response answer;
  answer.status = 204;
  answer.headers = std::move(headers) +
                   "Access-Control-Allow-Methods: GET, POST\r\nAccess-Control-Allow-Headers: Content-Type\r\n"
                   "Access-Control-Max-Age: 600\r\n";
  return answer;
}

}  // namespace gateway

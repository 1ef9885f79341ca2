#include "reference-server/gateway/handshake.hpp"

#include "reference-server/gateway/credential.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace gateway {

namespace {

// Base64 of exactly 16 bytes: 22 digits and two signs of padding. The last digit holds four bits that must be zero.
bool is_key(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() != 24 || !text.ends_with("==")) return false;
  const auto body = text.substr(0, 22);
  return body.find_first_not_of(digits) == body.npos && digits.find(body.back()) % 16 == 0;
}

http::response not_a_handshake(unsigned status, std::string_view detail) {
  auto answer = http::problem(status, detail);
  if (status == 426) answer.headers += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
  return answer;
}

}  // namespace

std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 29> encoded;
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

std::optional<http::response> check_upgrade(const http::request& asked) {
  const auto* upgrade = asked.find("Upgrade");
  const auto* connection = asked.find("Connection");
  if (upgrade == nullptr || !http::has_token(*upgrade, "websocket") || connection == nullptr ||
      !http::has_token(*connection, "upgrade") || asked.http_1_0) {
    return not_a_handshake(426, "this path speaks WebSocket only: Upgrade: websocket on HTTP/1.1");
  }
  const auto* version = asked.find("Sec-WebSocket-Version");
  if (version == nullptr || *version != "13") return not_a_handshake(426, "Sec-WebSocket-Version has to be 13");
  const auto* key = asked.find("Sec-WebSocket-Key");
  if (key == nullptr || asked.count("Sec-WebSocket-Key") != 1 || !is_key(*key)) {
    return not_a_handshake(400, "Sec-WebSocket-Key has to be 16 bytes in base64, once");
  }
  return std::nullopt;
}

std::string switching_protocols(const http::request& asked) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         accept_of(*asked.find("Sec-WebSocket-Key")) + "\r\n\r\n";
}

bool origin_allowed(const http::request& asked, std::span<const std::string> origins) {
  const auto* origin = asked.find("Origin");
  return origins.empty() || origin == nullptr || std::find(origins.begin(), origins.end(), *origin) != origins.end();
}

std::variant<admitted, http::response> admit(const http::request& asked, const admission_rules& rules,
                                             token::time_point now) {
  if (asked.method != http::method::get) {
    auto answer = http::problem(405, "the socket is opened with GET");
    answer.headers += "Allow: GET\r\n";
    return answer;
  }
  if (auto refusal = check_upgrade(asked)) return *std::move(refusal);
  if (!origin_allowed(asked, rules.origins)) return http::problem(403, "this Origin may not open a socket");
  const auto found = find_credential(asked);
  if (found.conflicting) return http::problem(400, "two different credentials in one request");
  const auto who = found.token ? rules.tokens.verify(*found.token, now)
                               : boost::system::result<token::identity>(make_error_code(token::error::malformed));
  if (!who) {
    auto answer = http::problem(401, found.token ? who.error().message() : "a token is needed");
    answer.headers += "WWW-Authenticate: Bearer\r\n";
    return answer;
  }
  if (!rules.link_up) {
    auto answer = http::problem(503, "no link to Redis at present");
    answer.headers += "Retry-After: 1\r\n";
    return answer;
  }
  return admitted{*who, switching_protocols(asked)};
}

}  // namespace gateway

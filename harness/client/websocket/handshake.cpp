#include "harness/client/websocket/handshake.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace client::websocket {

namespace {

constexpr std::size_t most_head = 16U << 10U;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Whether a comma-separated header value holds the word.
bool holds_word(std::string_view list, std::string_view word) {
  for (;;) {
    const auto comma = list.find(',');
    if (http::same_name(trim(list.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

std::size_t count(const handshake_answer& answer, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(answer.headers.begin(), answer.headers.end(),
                                                [&](const http::header& h) { return http::same_name(h.name, name); }));
}

handshake_answer broken(handshake_answer answer, std::string detail) {
  answer.verdict = handshake_verdict::broken;
  answer.detail = std::move(detail);
  return answer;
}

// "HTTP/1.1 101 whatever"; 0 when it is not that.
int read_status(std::string_view line) {
  if (!line.starts_with("HTTP/1.1 ") && !line.starts_with("HTTP/1.0 ")) return 0;
  line.remove_prefix(9);
  if (line.size() < 3 || (line.size() > 3 && line[3] != ' ')) return 0;
  int status = 0;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status >= 100 && status <= 599 ? status : 0;
}

// Section 4.1: what the client must find in a 101.
handshake_answer judge_acceptance(handshake_answer answer, std::string_view key, const handshake_options& options) {
  if (!http::same_name(answer.find("Upgrade"), "websocket"))
    return broken(std::move(answer), "101 without Upgrade: websocket");
  if (!holds_word(answer.find("Connection"), "upgrade"))
    return broken(std::move(answer), "101 without Connection: Upgrade");
  if (count(answer, "Sec-WebSocket-Accept") != 1 || answer.find("Sec-WebSocket-Accept") != accept_for(key)) {
    return broken(std::move(answer), "101 with a wrong Sec-WebSocket-Accept");
  }
  if (count(answer, "Sec-WebSocket-Extensions") != 0)
    return broken(std::move(answer), "101 with an extension that was not offered");
  if (count(answer, "Sec-WebSocket-Protocol") != 0) {
    answer.subprotocol = std::string(answer.find("Sec-WebSocket-Protocol"));
    const auto& offered = options.subprotocols;
    if (count(answer, "Sec-WebSocket-Protocol") > 1 ||
        std::find(offered.begin(), offered.end(), answer.subprotocol) == offered.end()) {
      return broken(std::move(answer), "101 with a subprotocol that was not offered");
    }
  }
  answer.verdict = handshake_verdict::accepted;
  return answer;
}

}  // namespace

std::string_view handshake_answer::find(std::string_view name) const noexcept {
  for (const http::header& h : headers) {
    if (http::same_name(h.name, name)) return h.value;
  }
  return {};
}

std::string make_key() {
  std::array<unsigned char, 16> bytes{};
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random bytes");
  return jwt::base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string accept_for(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return jwt::base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string encode_handshake(const url& where, std::string_view key, const handshake_options& options) {
  std::string out = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {}\r\n"
      "Sec-WebSocket-Version: 13\r\n",
      where.path, where.authority(), key);
  if (!options.subprotocols.empty()) {
    out += "Sec-WebSocket-Protocol: " + options.subprotocols.front();
    for (std::size_t i = 1; i < options.subprotocols.size(); ++i) out += ", " + options.subprotocols[i];
    out += "\r\n";
  }
  for (const http::header& h : options.headers) out += h.name + ": " + h.value + "\r\n";
  return out + "\r\n";
}

handshake_answer judge_handshake(std::string_view bytes, std::string_view key, const handshake_options& options) {
  handshake_answer answer;
  // What cannot become "HTTP/1." is told at once instead of waiting for an empty line that never comes.
  constexpr std::string_view beginning = "HTTP/1.";
  const auto compared = std::min(bytes.size(), beginning.size());
  if (bytes.substr(0, compared) != beginning.substr(0, compared))
    return broken(std::move(answer), "the answer is not HTTP");

  const auto end = bytes.substr(0, most_head).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() >= most_head) return broken(std::move(answer), "the answer's head is over 16 KiB");
    return answer;
  }
  answer.head_size = end + 4;
  std::string_view rest = bytes.substr(0, end);
  const auto next_line = [&rest] {
    const auto stop = rest.find("\r\n");
    const std::string_view line = rest.substr(0, stop);
    rest = stop == std::string_view::npos ? std::string_view{} : rest.substr(stop + 2);
    return line;
  };
  answer.status = read_status(next_line());
  if (answer.status == 0) return broken(std::move(answer), "the answer's status line is not HTTP");
  while (!rest.empty()) {
    const std::string_view line = next_line();
    const auto colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || colon == 0 || name.find_first_of(" \t") != std::string_view::npos) {
      return broken(std::move(answer), "a header line of the answer is not one");
    }
    answer.headers.push_back({std::string(name), std::string(trim(line.substr(colon + 1)))});
  }
  if (answer.status == 101) return judge_acceptance(std::move(answer), key, options);
  answer.verdict = handshake_verdict::refused;
  return answer;
}

}  // namespace client::websocket

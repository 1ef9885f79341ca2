// The little of RFC 6455's handshake that the anchors need. Not for use outside of the benchmarks: nothing is checked.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <string>
#include <string_view>

namespace bench {

// Sec-WebSocket-Accept for a request's Sec-WebSocket-Key.
inline std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 64> encoded;
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

// The value of a header field in a request's head; empty when it is absent. `name` as the client writes it.
inline std::string_view field_of(std::string_view head, std::string_view name) {
  const auto at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

// A text frame of a server around the payload (at most 65,535 bytes).
inline std::string text_frame(std::string_view payload) {
  std::string out = "\x81";
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 255);
  }
  return out.append(payload);
}

}  // namespace bench

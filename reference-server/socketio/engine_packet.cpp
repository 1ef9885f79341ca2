#include "reference-server/socketio/engine_packet.hpp"

#include <algorithm>

namespace socketio {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Strictly after RFC 4648, section 4: padded, one text for each value.
bool decode_base64(std::string_view text, std::string& bytes) {
  bytes.clear();
  if (text.size() % 4 != 0) return false;
  while (!text.empty()) {
    std::size_t used = 4;
    while (used > 2 && text.size() == 4 && text[used - 1] == '=') --used;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < used; ++i) {
      const auto value = digits.find(text[i]);
      if (value == digits.npos) return false;
      bits = bits << 6 | static_cast<std::uint32_t>(value);
    }
    bits <<= 6 * (4 - used);
    for (std::size_t i = 0; i + 1 < used; ++i) bytes += static_cast<char>(bits >> (16 - 8 * i) & 0xff);
    if (used < 4 && (bits & (used == 2 ? 0xffffu : 0xffu)) != 0) return false;
    text.remove_prefix(4);
  }
  return true;
}

}  // namespace

std::optional<engine_packet> parse_packet(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
  return engine_packet{static_cast<packet_type>(text.front() - '0'), false, text.substr(1)};
}

bool payload_reader::next() {
  if (!more_ || malformed_) return false;
  const auto end = std::min(rest_.find(payload_separator), rest_.size());
  const auto text = rest_.substr(0, end);
  more_ = end < rest_.size();
  rest_.remove_prefix(more_ ? end + 1 : end);
  if (text.starts_with('b')) {
    malformed_ = !decode_base64(text.substr(1), binary_);
    packet_ = {packet_type::message, true, binary_};
  } else if (const auto parsed = parse_packet(text)) {
    packet_ = *parsed;
  } else {
    malformed_ = true;
  }
  return !malformed_;
}

std::string encode_binary(std::string_view bytes) {
  std::string text = "b";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? digits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string encode_open(const open_offer& offer) {
  std::string text = R"(0{"sid":")";
  text.append(offer.sid).append(offer.upgrade ? R"(","upgrades":["websocket"])" : R"(","upgrades":[])");
  text += R"(,"pingInterval":)" + std::to_string(offer.ping_interval);
  text += R"(,"pingTimeout":)" + std::to_string(offer.ping_timeout);
  return text + R"(,"maxPayload":)" + std::to_string(offer.max_payload) + "}";
}

}  // namespace socketio

// Packets and polling payloads of Engine.IO, version 4: text in, packets out, and back. Pure functions and values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socketio {

enum class packet_type : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

struct engine_packet {
  packet_type type = packet_type::message;
  bool binary = false;         // only of messages
  std::string_view data = {};  // points into what was parsed
};

// The text of one WebSocket message; a binary message needs no parsing, all of it is data. Nothing: malformed.
std::optional<engine_packet> parse_packet(std::string_view text);

// What stands between the packets of one poll or POST. Nothing inside a packet is escaped: JSON never holds it.
inline constexpr char payload_separator = '\x1e';

// Reads the packets of a POST's body in their order. The body has to outlive it.
class payload_reader {
 public:
  explicit payload_reader(std::string_view body) : rest_(body) {}

  // False at the end, and at the first packet that is malformed.
  bool next();
  // The one that next() found; valid until the next call.
  const engine_packet& packet() const { return packet_; }
  bool malformed() const { return malformed_; }

 private:
  std::string_view rest_;
  bool more_ = true;
  bool malformed_ = false;
  engine_packet packet_;
  std::string binary_;
};

// A binary message as a packet of a polling payload: `b` and base64.
std::string encode_binary(std::string_view bytes);

// The numbers that a client is told when its session opens; times in milliseconds, sizes in bytes.
struct open_offer {
  std::string_view sid;
  bool upgrade = false;  // to WebSocket
  std::uint64_t ping_interval = 25'000, ping_timeout = 20'000, max_payload = 4096;
};
std::string encode_open(const open_offer& offer);

}  // namespace socketio

// Packets of Engine.IO 4 as they stand on the wire: one digit and what follows it. Pure, any thread; everything that is
// read is a view of what was given.
#pragma once

#include "harness/client/target/problem.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::socketio {

enum class engine_type : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

struct engine_packet {
  engine_type type = engine_type::noop;
  bool binary = false;    // of a payload, written as b and base64; `data` is that base64
  std::string_view data;  // what follows the digit
};

// One packet in text: a WebSocket's text message, or a piece of a payload. Nothing when its first character is none.
std::optional<engine_packet> read_engine_packet(std::string_view text) noexcept;

// The digit and the data.
std::string write_engine_packet(engine_type type, std::string_view data = {});

// Packets in the body of a poll or a POST are joined by U+001E.
std::vector<std::string_view> split_payload(std::string_view body);

// Takes packets off the front of `waiting` and joins them, as many as fit into `most` bytes, but at least one. Nothing
// waits: empty.
std::string take_payload(std::vector<std::string>& waiting, std::size_t most);

// What the server's first packet says.
struct handshake {
  std::string sid;
  bool offers_websocket = false;
  std::chrono::milliseconds ping_interval{0};
  std::chrono::milliseconds ping_timeout{0};
  std::size_t max_payload = 0;  // bytes of one POST; 0: not said
};

// All that is required must be there: sid (text that may stand in a query), upgrades, pingInterval, pingTimeout.
checked<handshake> read_handshake(std::string_view json);

}  // namespace client::socketio

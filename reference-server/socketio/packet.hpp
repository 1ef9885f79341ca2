// Packets of Socket.IO, protocol version 5: the payload of an Engine.IO message. Pure functions and values; JSON is
// checked in packet.cpp and kept as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socketio {

enum class packet_kind : std::uint8_t { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

struct packet {
  packet_kind kind = packet_kind::event;
  std::string_view name_space = "/";
  std::optional<std::uint64_t> id = {};  // to acknowledge
  std::size_t attachments = 0;           // binary messages that follow
  std::string_view json = {};            // empty: there is none

  bool binary() const { return kind == packet_kind::binary_event || kind == packet_kind::binary_ack; }
};

inline constexpr std::size_t most_attachments = 10;

// A whole packet, its JSON as that kind of packet must have it: CONNECT nothing or an object, DISCONNECT nothing,
// events an array that begins with a name that is not reserved, acknowledgements an array, placeholders within the
// announced attachments. Nothing: malformed, and the connection has to be closed. The result points into `text`.
std::optional<packet> parse(std::string_view text);

std::string encode(const packet& given);

// What a server answers to CONNECT. `data`: JSON, or empty for none; ids and messages need no escaping.
std::string encode_connect(std::string_view name_space, std::string_view sid);
std::string encode_connect_error(std::string_view name_space, std::string_view message, std::string_view data = {});

// The first element of an event's JSON, as text with its quotes, and what stands behind its comma, up to the array's
// end: `["a",1,2]` gives `"a"` and `1,2`. For packets that parse() gave.
struct event_parts {
  std::string_view name, arguments;
};
event_parts split_event(std::string_view json);

}  // namespace socketio

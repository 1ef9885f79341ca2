// Packets of Socket.IO 5, each the data of an Engine.IO message: <type>[<attachments>-][<namespace>,][<ack
// id>][<JSON>]. Pure, any thread.
#pragma once

#include "harness/client/target/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace client::socketio {

enum class packet_type : std::uint8_t { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

struct packet {
  packet_type type = packet_type::event;
  std::uint32_t attachments = 0;  // binary messages that follow
  std::string_view name_space = "/";
  std::optional<std::uint64_t> ack = {};  // number of the answer that is asked for or given
  std::string_view json = {};             // empty when there is none
};

// Reads the parts and judges the outer shape of the JSON by the type: an object, an array, nothing. Whether it is JSON
// is for whoever parses it. The reasons are clauses like "no such packet type".
checked<packet> read_packet(std::string_view text);

std::string write_packet(const packet& packet);

}  // namespace client::socketio

// libFuzzer target of Engine.IO's polling payloads: a payload that is taken is, written again, the same text.
#include "reference-server/socketio/engine_packet.hpp"

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  socketio::payload_reader reader(body);
  std::string again;
  bool first = true;
  while (reader.next()) {
    const socketio::engine_packet& one = reader.packet();
    if (!first) again += socketio::payload_separator;
    first = false;
    if (one.binary && one.type != socketio::packet_type::message) std::abort();
    again += one.binary ? socketio::encode_binary(one.data)
                        : std::to_string(static_cast<int>(one.type)) + std::string(one.data);
  }
  if (!reader.malformed() && again != body) std::abort();
  if (reader.malformed() && !body.starts_with(again)) std::abort();
  return 0;
}

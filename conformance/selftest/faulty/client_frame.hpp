// What a client may be trying to say on its socket. A right server never asks: sockets only receive. Pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faulty {

struct ClientMessage {
  std::int64_t chat;
  std::string body;
};

// {"chat_id":1,"body":"…"} (also `chat`, `text`), bare, under "data", or in a Socket.IO event; else nothing.
std::optional<ClientMessage> message_in(std::string_view frame);

}  // namespace faulty

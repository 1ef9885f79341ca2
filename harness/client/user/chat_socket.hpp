// A user's receiving socket: a WebSocket that knows `ready` and `message` events; everything else is noise, handed on.
// Owned by whoever opened it, on the thread of its io_context. Handlers as in websocket::socket.
#pragma once

#include "harness/client/user/message.hpp"
#include "harness/client/websocket/socket.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace client {

struct chat_handlers {
  std::function<void(time_point)> on_open = {};
  std::function<void(time_point)> on_ready = {};
  std::function<void(const message&, std::string_view frame, time_point)> on_message = {};
  std::function<void(std::string_view frame, time_point)> on_other = {};  // text or binary that is neither
  std::function<void(const websocket::end&)> on_end = {};
  std::function<void(std::string_view frame, time_point)> on_frame = {};  // every one, before it is looked into
};

class chat_socket {
 public:
  chat_socket(asio::io_context& io, const url& where, websocket::socket_options options, chat_handlers handlers);
  ~chat_socket();
  chat_socket(chat_socket&&) noexcept;
  chat_socket& operator=(chat_socket&&) noexcept;

  time_point started() const noexcept;                  // before connect
  std::optional<time_point> ready_at() const noexcept;  // the ready event was parsed
  const std::optional<websocket::end>& ended() const noexcept;
  bool ready() const noexcept { return ready_at().has_value() && !ended(); }

  void close(std::uint16_t code = 1000, std::string_view reason = {});
  void abort();
  websocket::socket& raw() noexcept;  // for protocol cases

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace client

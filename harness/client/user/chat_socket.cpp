#include "harness/client/user/chat_socket.hpp"

#include "harness/client/user/json.hpp"

#include <utility>

namespace client {

// Only the socket's handlers refer to it, weakly: it goes when its owner goes, also from inside a handler.
struct chat_socket::state : std::enable_shared_from_this<state> {
  chat_handlers handlers;
  std::optional<time_point> ready_at;
  std::optional<websocket::end> ended;
  std::optional<websocket::socket> socket;

  void on_message(websocket::opcode op, std::string_view payload, time_point at) {
    if (handlers.on_frame) handlers.on_frame(payload, at);
    if (op != websocket::opcode::text) return other(payload, at);
    event got = read_event(payload);
    switch (got.kind) {
      case event_kind::ready: {
        if (ready_at) return other(payload, at);  // once is enough
        ready_at = at;
        if (handlers.on_ready) handlers.on_ready(at);
        return;
      }
      case event_kind::message:
        if (handlers.on_message) handlers.on_message(*got.message, payload, at);
        return;
      case event_kind::other:
        return other(payload, at);
    }
  }

  void other(std::string_view payload, time_point at) {
    if (handlers.on_other) handlers.on_other(payload, at);
  }
};

chat_socket::chat_socket(asio::io_context& io, const url& where, websocket::socket_options options,
                         chat_handlers handlers)
    : state_(std::make_shared<state>()) {
  state_->handlers = std::move(handlers);
  const std::weak_ptr<state> weak = state_;
  websocket::socket_handlers below;
  below.on_open = [weak](time_point at) {
    if (const auto self = weak.lock(); self && self->handlers.on_open) self->handlers.on_open(at);
  };
  below.on_message = [weak](websocket::opcode op, std::string_view payload, time_point at) {
    if (const auto self = weak.lock()) self->on_message(op, payload, at);
  };
  below.on_end = [weak](const websocket::end& end) {
    const auto self = weak.lock();
    if (!self) return;
    self->ended = end;
    if (self->handlers.on_end) self->handlers.on_end(end);
  };
  state_->socket.emplace(io, where, std::move(options), std::move(below));
}

chat_socket::~chat_socket() {
  if (state_) state_->socket.reset();
}

chat_socket::chat_socket(chat_socket&&) noexcept = default;

chat_socket& chat_socket::operator=(chat_socket&& other) noexcept {
  if (this != &other) {
    if (state_) state_->socket.reset();
    state_ = std::move(other.state_);
  }
  return *this;
}

time_point chat_socket::started() const noexcept {
  return state_->socket->started();
}
std::optional<time_point> chat_socket::ready_at() const noexcept {
  return state_->ready_at;
}
const std::optional<websocket::end>& chat_socket::ended() const noexcept {
  return state_->ended;
}
void chat_socket::close(std::uint16_t code, std::string_view reason) {
  state_->socket->close(code, reason);
}
void chat_socket::abort() {
  state_->socket->abort();
}
websocket::socket& chat_socket::raw() noexcept {
  return *state_->socket;
}

}  // namespace client

// A server that gives back what it is sent, over the gateway's own Engine.IO: what the protocol's cases run against,
// since the gateway itself sends nothing back. For tests only; owned by its main, on the loop's thread.
//
// At /engine.io/ every message is returned. At /socket.io/ the namespaces "/" and "/custom" exist; CONNECT is answered
// with ["auth", what CONNECT said], `message` with `message-back` and the same arguments, and in "/" an event with an
// id is acknowledged with its arguments, both with their attachments.
#pragma once

#include "reference-server/gateway/engine.hpp"
#include "reference-server/http/exchange.hpp"
#include "reference-server/socketio/connection.hpp"

#include <vector>

namespace gateway {

// What both have in common: sessions without a token, for everybody.
class echo : sockets_owner, protected engine_owner {
 public:
  echo(boost::asio::io_context& context, const engine_options& options)
      : sockets_(context, options.bounds, *this), engine_(context, sockets_, options, *this) {}
  void serve(http::exchange asked) { engine_.serve(std::move(asked), true); }

 protected:
  void on_opened(socket_id) override {}
  void on_ended(socket_id, close_code) override {}
  void send_text(socket_id id, std::string_view packet) { engine_.send(id, frame::text({"4", packet})); }
  void send_binary(socket_id id, std::string_view bytes) { engine_.send(id, frame::binary(bytes)); }

  sockets sockets_;
  engine engine_;

 private:
  frame last_words_of(socket_id, close_code) override { return {}; }
  void on_leaving(socket_id, close_code) override {}
  void on_empty() override {}
  void on_tick(bool paused) override { engine_.on_tick(paused); }
};

class engine_echo final : public echo {
 public:
  using echo::echo;

 private:
  void on_text(socket_id id, std::string_view text) override { send_text(id, text); }
  void on_binary(socket_id id, std::string_view bytes) override { send_binary(id, bytes); }
};

class socketio_echo final : public echo {
 public:
  using echo::echo;

 private:
  void on_opened(socket_id id) override;
  void on_text(socket_id id, std::string_view text) override { on_guest(id, guests_[id.index()].take_text(text)); }
  void on_binary(socket_id id, std::string_view bytes) override {
    on_guest(id, guests_[id.index()].take_binary(bytes));
  }
  void on_guest(socket_id id, const socketio::connection::message& said);
  void connect(socket_id id, const socketio::packet& asked);
  void reply(socket_id id, const socketio::connection::message& said);

  std::vector<socketio::connection> guests_;
};

// The two of them behind one port.
class echo_service final : public http::service {
 public:
  echo_service(boost::asio::io_context& context, const engine_options& bare, const engine_options& socketio)
      : bare_(context, bare), socketio_(context, socketio) {}
  void serve(http::exchange asked) override;

 private:
  engine_echo bare_;
  socketio_echo socketio_;
};

}  // namespace gateway

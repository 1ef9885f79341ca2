#include "reference-server/gateway/echo/echo.hpp"

#include "reference-server/gateway/secret_id.hpp"

namespace gateway {

using kind = socketio::connection::kind;
using socketio::packet_kind;

void socketio_echo::on_opened(socket_id id) {
  if (id.index() >= guests_.size()) guests_.resize(id.index() + 1);
  guests_[id.index()] = {};
}

void socketio_echo::on_guest(socket_id id, const socketio::connection::message& said) {
  auto& guest = guests_[id.index()];
  switch (said.what) {
    case kind::connect:
      return connect(id, said.packet);
    case kind::event:
      return reply(id, said);
    case kind::disconnect:
      guest.leave(said.packet.name_space);
      return engine_.set_joined(id, guest.joined_any());
    case kind::fault:
      return engine_.close(id, close_code::none);
    case kind::nothing:
    case kind::ack:
      return;
  }
}

void socketio_echo::connect(socket_id id, const socketio::packet& asked) {
  const auto name_space = asked.name_space;
  if (name_space != "/" && name_space != "/custom") {
    return send_text(id, socketio::encode_connect_error(name_space, "Invalid namespace"));
  }
  guests_[id.index()].join(name_space);
  engine_.set_joined(id, true);
  send_text(id, socketio::encode_connect(name_space, secret_id()));
  const auto said = R"(["auth",)" + std::string(asked.json.empty() ? "{}" : asked.json) + "]";
  send_text(id, socketio::encode({.kind = packet_kind::event, .name_space = name_space, .json = said}));
}

void socketio_echo::reply(socket_id id, const socketio::connection::message& said) {
  const auto parts = socketio::split_event(said.packet.json);
  auto answer = said.packet;
  std::string json = "[";
  if (parts.name == R"("message")") {
    json += R"("message-back")";
    if (!parts.arguments.empty()) json += ',';
  } else if (parts.name == R"("message-with-ack")" && answer.id) {
    answer.kind = answer.binary() ? packet_kind::binary_ack : packet_kind::ack;
  } else {
    return;
  }
  json.append(parts.arguments) += ']';
  answer.json = json;
  send_text(id, socketio::encode(answer));
  for (const auto& attachment : said.attachments) send_binary(id, attachment);
}

void echo_service::serve(http::exchange asked) {
  const auto path = asked.request().path;
  if (path == "/engine.io/") return bare_.serve(std::move(asked));
  if (path == "/socket.io/") return socketio_.serve(std::move(asked));
  asked.answer(http::problem(404, "here are /engine.io/ and /socket.io/"));
}

}  // namespace gateway

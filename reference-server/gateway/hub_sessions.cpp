// The Socket.IO half of the main flow: CONNECT with a token is what the handshake is to a plain socket.
#include "reference-server/gateway/channel.hpp"
#include "reference-server/gateway/credential.hpp"
#include "reference-server/gateway/hub.hpp"
#include "reference-server/gateway/secret_id.hpp"
#include "reference-server/gateway/wall_clock.hpp"

namespace gateway {

namespace {
constexpr std::string_view only_namespace = "/";

// A Socket.IO packet as the frame of an Engine.IO message.
frame message_frame(std::string_view packet) {
  return frame::text({"4", packet});
}
}  // namespace

void hub::on_opened(socket_id id) {
  ++counts_.sessions;
  if (id.index() >= guests_.size()) guests_.resize(id.index() + 1);
  guests_[id.index()] = {};
}

void hub::on_text(socket_id id, std::string_view text) {
  on_guest(id, guests_[id.index()].take_text(text));
}

void hub::on_binary(socket_id id, std::string_view bytes) {
  on_guest(id, guests_[id.index()].take_binary(bytes));
}

void hub::on_guest(socket_id id, const socketio::connection::message& said) {
  using kind = socketio::connection::kind;
  switch (said.what) {
    case kind::connect:
      return connect(id, said.packet);
    case kind::disconnect:
      guests_[id.index()].leave(only_namespace);
      left(id);
      id = engine_.renew(id);  // an answer of Redis that is still on its way is not for the next CONNECT
      engine_.set_joined(id, false);
      return engine_.set_expiry(id, token::time_point::max());
    case kind::fault:
      return engine_.close(id, close_code::none);
    case kind::nothing:
    case kind::event:  // a client only receives: read, checked, and ignored
    case kind::ack:
      return;
  }
}

void hub::connect(socket_id id, const socketio::packet& asked) {
  const auto answer = [&](std::string_view packet) { engine_.send(id, message_frame(packet)); };
  if (asked.name_space != only_namespace) {
    return answer(socketio::encode_connect_error(asked.name_space, "Invalid namespace"));
  }
  if (!redis_.up() || stopping_) return engine_.close(id, close_code::service_restart);
  const auto given = find_token(asked.json);
  const auto who = given ? tokens_.verify(*given, wall_now())
                         : boost::system::result<token::identity>(make_error_code(token::error::malformed));
  if (!who) {
    ++counts_.refused;
    const auto why = given ? who.error().message() : "a token is needed: auth.token";
    return answer(socketio::encode_connect_error(only_namespace, why, R"({"status":401})"));
  }
  guests_[id.index()].join(only_namespace);
  engine_.set_joined(id, true);
  engine_.set_expiry(id, who->expires_at);
  router_.wait(id, who->user);
  subscribe(id, who->user);
  answer(socketio::encode_connect(only_namespace, secret_id()));  // last: it may end a slow session
}

frame hub::last_words_of(socket_id id, close_code why) {
  // The client is told that it was sent away: it does not come back with the same token.
  if (why == close_code::token_expired && guests_[id.index()].joined_any()) return message_frame("1");
  return {};
}

void hub::on_ended(socket_id id, close_code why) {
  count_close(why);
  left(id);
  guests_[id.index()] = {};
}

}  // namespace gateway

// Sessions whose bytes travel over a WebSocket from the start, or from the upgrade on.
#include "reference-server/gateway/engine.hpp"
#include "reference-server/gateway/handshake.hpp"

namespace gateway {

void engine::open_websocket(http::exchange asked) {
  std::uint32_t at = 0;
  slot& p = create(carrier::websocket, at);
  const auto answer = switching_protocols(asked.request());
  auto taken = asked.take();
  p.socket = sockets_.open(std::move(taken.socket), p.expires_at, answer, at);
  sockets_.send(p.socket, frame::text({open_packet(p)}));
  owner_.on_opened(name_of(at));
  sockets_.start(p.socket, std::move(taken.read_ahead));
}

void engine::open_candidate(std::uint32_t at, http::exchange asked) {
  slot& p = slots_[at];
  const bool wanted = p.rules->candidate_came(wheel_.now());
  const auto answer = switching_protocols(asked.request());
  auto taken = asked.take();
  const auto id = sockets_.open(std::move(taken.socket), token::time_point::max(), answer, at);
  if (wanted) {
    p.candidate = id;
    schedule(at);
  } else {
    sockets_.close(id, close_code::none);
  }
  sockets_.start(id, std::move(taken.read_ahead));
}

void engine::on_message(socket_id id, std::uint32_t at, bool binary, std::string_view payload) {
  slot& p = slots_[at];
  if (!open(at)) return;
  auto packet = socketio::parse_packet(payload);
  if (binary) packet = socketio::engine_packet{socketio::packet_type::message, true, payload};
  if (id == p.socket) {
    if (!packet) return sockets_.close(id, close_code::none);
    return give_packet(at, *packet, p.rules->take(*packet));
  }
  if (id != p.candidate) return;
  switch (packet ? p.rules->take_from_candidate(*packet) : socketio::session::probe::refuse) {
    case socketio::session::probe::answer:
      sockets_.send(id, frame::text({"3probe"}));
      // The client waits for its poll to end before it goes on.
      if (open(at) && p.polling->held) answer_poll(at, "6");
      if (open(at)) schedule(at);
      return;
    case socketio::session::probe::upgraded:
      return upgrade(at);
    case socketio::session::probe::refuse:
      return sockets_.close(id, close_code::none);
  }
}

void engine::upgrade(std::uint32_t at) {
  slot& p = slots_[at];
  p.socket = std::exchange(p.candidate, socket_id{});
  const auto side = std::move(p.polling);
  const auto socket = p.socket;
  if (side->held) {  // it came after the client had stopped polling, or beside it
    side->held->answer(refuse(engine_refusal::bad_request, allow_origin(side->held->request(), options_.origins)));
  }
  sockets_.expire_at(socket, p.expires_at);
  side->due.each([&](const frame& one) { sockets_.send(socket, one); });
  if (open(at)) schedule(at);
}

frame engine::last_words(socket_id id, std::uint32_t at, close_code why) {
  return open(at) && id == slots_[at].socket ? owner_.last_words_of(name_of(at), why) : frame{};
}

void engine::on_session_leaving(socket_id id, std::uint32_t at, close_code why) {
  slot& p = slots_[at];
  if (!p.rules) return;
  if (id == p.candidate) {
    p.candidate = {};
    p.rules->candidate_left();
  } else if (id == p.socket) {
    p.rules->begin_close(wheel_.now());
    owner_.on_ended(name_of(at), why);
    forget(at);
  }
}

}  // namespace gateway

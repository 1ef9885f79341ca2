// The table of sessions, their beginning, their end and their clock. Polling is in engine_polling.cpp, WebSocket in
// engine_websocket.cpp.
#include "reference-server/gateway/engine.hpp"

#include "reference-server/gateway/handshake.hpp"
#include "reference-server/gateway/secret_id.hpp"
#include "reference-server/gateway/wall_clock.hpp"

#include <algorithm>

namespace gateway {

namespace {
constexpr std::uint64_t tick_milliseconds = 100;
}

engine::engine(boost::asio::io_context& context, sockets& carriers, engine_options options, engine_owner& owner)
    : context_(context), sockets_(carriers), options_(std::move(options)), owner_(owner) {
  sockets_.set_carrier(*this);
}

void engine::serve(http::exchange asked, bool available) {
  const auto& request = asked.request();
  auto headers = allow_origin(request, options_.origins);
  if (!origin_allowed(request, options_.origins)) return asked.answer(refuse(engine_refusal::forbidden));
  if (request.method == http::method::options && !headers.empty()) return asked.answer(preflight(std::move(headers)));
  const auto query = read_engine_query(request.query);
  const auto refuse_as = [&](engine_refusal why) { asked.answer(refuse(why, std::move(headers))); };
  const bool websocket = query.transport == "websocket", get = request.method == http::method::get;
  if (!websocket && query.transport != "polling") return refuse_as(engine_refusal::unknown_transport);
  if (query.session.data() != nullptr) {
    const auto found = by_sid_.find(query.session);
    if (found == by_sid_.end()) return refuse_as(engine_refusal::unknown_session);
    if (websocket && (!get || check_upgrade(request))) return refuse_as(engine_refusal::bad_request);
    if (websocket) return open_candidate(found->second, std::move(asked));
    if (get) return poll(found->second, std::move(asked));
    if (request.method == http::method::post) return post(found->second, std::move(asked));
    return refuse_as(engine_refusal::bad_method);
  }
  if (!get) return refuse_as(engine_refusal::bad_method);
  if (query.version != "4") return refuse_as(engine_refusal::bad_version);
  if (websocket && check_upgrade(request)) return refuse_as(engine_refusal::bad_request);
  if (!available) {
    auto answer = http::problem(503, "no link to Redis at present");
    answer.headers = std::move(headers) + "Retry-After: 1\r\n";
    return asked.answer(std::move(answer));
  }
  websocket ? open_websocket(std::move(asked)) : open_polling(std::move(asked));
}

engine::slot* engine::find(socket_id id) {
  if (!id.is_session() || id.index() >= slots_.size() || !open(id.index())) return nullptr;
  slot& p = slots_[id.index()];
  return p.life == id.life ? &p : nullptr;
}

engine::slot& engine::create(carrier opened_by, std::uint32_t& at) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  at = free_.back();
  free_.pop_back();
  slot& p = slots_[at];
  p.rules.emplace(opened_by, options_.times, wheel_.now());
  p.sid = options_.name + "-" + secret_id();
  p.socket = p.candidate = {};
  p.expires_at = token::time_point::max();
  by_sid_.emplace(p.sid, at);
  renew(name_of(at));
  schedule(at);
  return p;
}

std::string engine::open_packet(const slot& p) const {
  return socketio::encode_open({.sid = p.sid,
                                .upgrade = p.rules->carried_by() == carrier::polling,
                                .ping_interval = options_.times.ping_interval * tick_milliseconds,
                                .ping_timeout = options_.times.ping_timeout * tick_milliseconds,
                                .max_payload = options_.bounds.message});
}

void engine::forget(std::uint32_t at) {
  slot& p = slots_[at];
  wheel_.clear(at);
  by_sid_.erase(p.sid);
  p.rules.reset();
  p.polling.reset();
  free_.push_back(at);
}

socket_id engine::renew(socket_id id) {
  slot& p = slots_[id.index()];
  p.life = p.life == 0x7fffffff ? 1 : p.life + 1;
  return name_of(id.index());
}

void engine::set_joined(socket_id id, bool joined) {
  if (slot* const p = find(id)) {
    p->rules->set_joined(joined, wheel_.now());
    schedule(id.index());
  }
}

void engine::set_expiry(socket_id id, token::time_point expires_at) {
  slot* const p = find(id);
  if (p == nullptr) return;
  p->expires_at = expires_at;
  if (!p->polling) return sockets_.expire_at(p->socket, expires_at);
  schedule(id.index());
}

void engine::send(socket_id id, const frame& due) {
  slot* const p = find(id);
  if (p == nullptr) return;
  if (!p->polling) return sockets_.send(p->socket, due);
  queue(id.index(), due);
}

void engine::close(socket_id id, close_code why) {
  slot* const p = find(id);
  if (p == nullptr) return;
  if (!p->polling) return sockets_.close(p->socket, why);
  end_polling(id.index(), why);
}

void engine::close_all(close_code why) {
  each_open([&](socket_id id) { close(id, why); });
}

void engine::refused_as_too_big(std::string_view sid) {
  const auto found = by_sid_.find(sid);
  if (found != by_sid_.end() && open(found->second) && slots_[found->second].polling) {
    end_polling(found->second, close_code::too_big);
  }
}

void engine::give_packet(std::uint32_t at, const socketio::engine_packet& packet, socketio::session::meaning meaning) {
  const auto id = name_of(at);
  switch (meaning) {
    case socketio::session::meaning::nothing:
      return schedule(at);  // after a pong the next ping may be due before that one's deadline
    case socketio::session::meaning::message:
      return packet.binary ? owner_.on_binary(id, packet.data) : owner_.on_text(id, packet.data);
    case socketio::session::meaning::end:
      return close(id, close_code::normal);
    case socketio::session::meaning::fault:
      return close(id, close_code::none);
  }
}

void engine::on_tick(bool paused) {
  wheel_.turn([this](std::uint32_t at) { look(at); });
  if (!paused) return;
  each_open([this](socket_id id) {  // tokens go by the wall clock
    if (slots_[id.index()].polling) look_at_polling(id.index());
  });
}

void engine::look(std::uint32_t at) {
  using due = socketio::session::due;
  static const frame ping = frame::text({"2"});
  slot& p = slots_[at];
  bool has_read = false;
  while (p.rules) {
    if (open(at) && p.polling && !look_at_polling(at)) return;
    switch (p.rules->look(wheel_.now())) {
      case due::nothing:
        return schedule(at);
      case due::ping:
        send(name_of(at), ping);
        break;
      case due::dead:
        if (p.polling) return end_polling(at, close_code::none);
        if (has_read) return sockets_.abandon(p.socket);
        has_read = true;  // the pong may have arrived and not been read yet
        sockets_.read_arrived(p.socket);
        break;
      case due::unjoined:
        return close(name_of(at), close_code::none);
      case due::release_poll:
        answer_poll(at, "6");
        break;
      case due::drop_candidate:
        sockets_.close(p.candidate, close_code::none);
        break;
      case due::forget:
        return forget(at);
    }
  }
}

void engine::schedule(std::uint32_t at) {
  const slot& p = slots_[at];
  constexpr tick look_at_least_every = 600;  // the wall clock may be set
  tick due = std::min(p.rules->next_look(wheel_.now()), wheel_.now() + look_at_least_every);
  if (open(at) && p.polling) {
    const auto left = std::chrono::floor<std::chrono::milliseconds>(p.expires_at - wall_now());
    const auto ticks = std::max<std::int64_t>(left.count() / static_cast<std::int64_t>(tick_milliseconds), 0);
    if (ticks < look_at_least_every) due = std::min(due, wheel_.now() + static_cast<tick>(ticks) + 1);
    if (!p.polling->due.empty()) due = std::min(due, p.polling->due.oldest() + options_.bounds.queued_age);
  }
  wheel_.set(at, due);
}

}  // namespace gateway

#include "harness/client/user/chat_socket.hpp"

#include "harness/client/user/chat_socket_state.hpp"
#include "harness/client/user/json.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace client {

namespace {

const std::shared_ptr<const socket_description>& reference_frames() {
  static const std::shared_ptr<const socket_description> made = std::make_shared<const socket_description>();
  return made;
}

}  // namespace

chat_socket::state::state(asio::io_context& context, chat_socket_options chosen, chat_handlers to_call)
    : io(context), options(std::move(chosen)), handlers(std::move(to_call)), started(clock::now()) {
  if (frames::is_reference(*options.described)) return;
  reader.emplace(*options.described, options.own);
  for (frames::joining& each : options.chats) reader->join(std::move(each));
}

void chat_socket::state::abandon() {
  abandoned = true;  // the handlers stay: one of them may be running
  heartbeat.reset();
  raw.reset();
  events.reset();
}

// What is needed no longer: there may be many idle sockets.
void chat_socket::state::forget() {
  options.own = {};
  options.headers = {};
  options.query = {};
  options.chats = {};
}

void chat_socket::state::on_open(time_point at) {
  if (handlers.on_open) handlers.on_open(at);
  if (!reader || over()) return;
  if (raw && options.described->heartbeat) beat();
  apply(reader->on_open(), {}, at);
}

void chat_socket::state::on_connect(time_point at) {
  if (!reader || over()) return;
  if (options.described->heartbeat) beat();
  apply(reader->on_connect(), {}, at);
}

void chat_socket::state::on_text(std::string_view text, time_point at) {
  if (over()) return;
  if (handlers.on_frame) handlers.on_frame(text, at);
  if (!reader) return on_reference(text, text, at);
  apply(reader->on_text(text), text, at);
}

void chat_socket::state::on_event(std::string_view list, time_point at) {
  if (over()) return;
  if (handlers.on_frame) handlers.on_frame(list, at);
  if (!reader) return on_reference(frames::as_raw(list), list, at);
  apply(reader->on_event(list), list, at);
}

void chat_socket::state::on_reference(std::string_view text, std::string_view frame, time_point at) {
  event got = read_event(text);
  switch (got.kind) {
    case event_kind::ready: {
      if (ready_at) return other(frame, at);  // once is enough
      ready_at = at;
      if (handlers.on_ready) handlers.on_ready(at);
      return;
    }
    case event_kind::message:
      if (handlers.on_message) handlers.on_message(*got.message, frame, at);
      return;
    case event_kind::other:
      return other(frame, at);
  }
}

void chat_socket::state::apply(frames::outcome outcome, std::string_view frame, time_point at) {
  const auto self = shared_from_this();  // a handler may destroy the owner
  write(outcome.writes);
  if (outcome.refused) return refuse(std::move(outcome.problem), at);
  if (outcome.became_ready) {
    ready_at = at;
    if (handlers.on_ready) handlers.on_ready(at);
  }
  for (const message& each : outcome.messages) {
    if (!over() && handlers.on_message) handlers.on_message(each, frame, at);
  }
  if (over() || frame.empty() || outcome.became_ready || !outcome.messages.empty()) return;
  if (outcome.mention && handlers.on_mention) return handlers.on_mention(frame, at);
  other(frame, at);
}

void chat_socket::state::other(std::string_view frame, time_point at) {
  if (handlers.on_other) handlers.on_other(frame, at);
}

void chat_socket::state::write(const std::vector<frames::written>& all) {
  for (const frames::written& each : all) {
    if (handlers.on_written) handlers.on_written(each.text);
    if (raw) {
      raw->send_text(each.text);
    } else if (events && each.is_event) {
      events->emit(each.text, each.ack);
    } else if (events) {
      events->emit(R"(["message",)" + each.text + "]");
    }
  }
}

void chat_socket::state::beat() {
  if (!heartbeat) {
    heartbeat.emplace(io);
    heartbeat->expires_at(clock::now());
  }
  heartbeat->expires_at(heartbeat->expiry() + options.described->heartbeat->every);
  heartbeat->async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->over()) return;
    self->write(self->reader->on_beat().writes);
    self->beat();
  });
}

void chat_socket::state::on_end(const websocket::end& end) {
  if (over()) return;
  heartbeat.reset();
  ended = end;
  if (handlers.on_end) handlers.on_end(end);
}

void chat_socket::state::refuse(std::string why, time_point at) {
  if (over()) return;
  if (raw) raw->close(1000, {});
  if (events) events->close();
  websocket::end end;
  end.kind = websocket::end_kind::refused;
  end.at = at;
  end.finished = clock::now();
  end.detail = std::move(why);
  on_end(end);
}

void chat_socket::state::give_up(std::string why) {
  asio::post(io, [weak = weak_from_this(), why = std::move(why)] {
    if (const auto self = weak.lock()) self->refuse(why, clock::now());
  });
}

chat_socket::chat_socket(asio::io_context& io, const url& where, chat_socket_options options, chat_handlers handlers) {
  if (!options.described) options.described = reference_frames();
  state_ = std::make_shared<state>(io, std::move(options), std::move(handlers));
  state_->open_described(where);
  state_->forget();
}

chat_socket::chat_socket(asio::io_context& io, const url& where, websocket::socket_options options,
                         chat_handlers handlers) {
  state_ = std::make_shared<state>(io, chat_socket_options{.described = reference_frames()}, std::move(handlers));
  state_->open_raw(where, std::move(options));
}

chat_socket::~chat_socket() {
  if (state_) state_->abandon();
}

chat_socket::chat_socket(chat_socket&&) noexcept = default;

chat_socket& chat_socket::operator=(chat_socket&& other) noexcept {
  if (this != &other) {
    if (state_) state_->abandon();
    state_ = std::move(other.state_);
  }
  return *this;
}

time_point chat_socket::started() const noexcept {
  if (state_->raw) return state_->raw->started();
  return state_->events ? state_->events->started() : state_->started;
}
std::optional<time_point> chat_socket::ready_at() const noexcept {
  return state_->ready_at;
}
const std::optional<websocket::end>& chat_socket::ended() const noexcept {
  return state_->ended;
}
bool chat_socket::is_open() const noexcept {
  if (state_->ended) return false;
  return state_->raw ? state_->raw->is_open() : state_->events && state_->events->is_open();
}

void chat_socket::join(frames::joining chat) {
  if (!state_->reader || state_->ended) return;
  frames::outcome outcome = state_->reader->join(std::move(chat));
  state_->write(outcome.writes);
  if (outcome.refused) state_->give_up(std::move(outcome.problem));
}
bool chat_socket::joined() const noexcept {
  return !state_->reader || state_->reader->joined();
}

chat_socket::joiner chat_socket::later_joins() const {
  const std::weak_ptr<state> weak = state_;
  const auto alive = [weak]() -> std::shared_ptr<state> {
    auto self = weak.lock();
    return self && !self->ended ? self : nullptr;
  };
  return {.join =
              [alive](frames::joining chat) {
                const auto self = alive();
                if (!self || !self->reader) return;
                frames::outcome outcome = self->reader->join(std::move(chat));
                self->write(outcome.writes);
                if (outcome.refused) self->give_up(std::move(outcome.problem));
              },
          .joined =
              [alive] {
                const auto self = alive();
                return !self || !self->reader || self->reader->joined();
              },
          .gone = [alive] { return alive() == nullptr; }};
}

void chat_socket::say(std::string_view text) {
  if (!is_open()) return;
  if (state_->raw) return state_->raw->send_text(text);
  if (text.starts_with("42")) return state_->events->send_packet(std::string(text));
  state_->events->emit(R"(["message",)" + std::string(text) + "]");
}

void chat_socket::close(std::uint16_t code, std::string_view reason) {
  if (state_->raw) return state_->raw->close(code, reason);
  if (state_->events) state_->events->close();
}
void chat_socket::abort() {
  if (state_->raw) return state_->raw->abort();
  if (state_->events) state_->events->abort();
}
websocket::socket* chat_socket::raw() noexcept {
  return state_->raw ? &*state_->raw : nullptr;
}

}  // namespace client

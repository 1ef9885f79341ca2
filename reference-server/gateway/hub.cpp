#include "reference-server/gateway/hub.hpp"

#include "reference-server/gateway/channel.hpp"
#include "reference-server/gateway/handshake.hpp"
#include "reference-server/gateway/wall_clock.hpp"
#include "reference-server/ops/log.hpp"

#include <utility>

namespace gateway {

namespace {
constexpr std::string_view socketio_path = "/socket.io/", plain_path = "/ws";
// Tokens of commands that are no socket's; a socket's token is at least 2^32.
constexpr std::uint64_t unsubscribing = 0, subscribing_all = 1, first_socket = std::uint64_t{1} << 32;
// The first letter of a payload.
constexpr char message_letter = 'm', resync_letter = 'r';
}  // namespace

hub::hub(boost::asio::io_context& context, hub_options options, const token::signer& tokens)
    : options_(std::move(options)),
      tokens_(tokens),
      sockets_(context, options_.sockets, *this),
      engine_(context, sockets_,
              engine_options{options_.session_times, options_.sockets, options_.name, options_.origins}, *this),
      link_(context, options_.redis, options_.link, *this) {}

void hub::start(std::function<void()> first_up) {
  first_up_ = std::move(first_up);
  link_.start();
}

void hub::stop() {
  stopping_ = true;
  link_.stop();  // no message frame from here on
  engine_.close_all(close_code::going_away);
  sockets_.close_all(close_code::going_away);
  if (sockets_.count() == 0) sockets_.stop_clock();
}

void hub::serve(http::exchange asked) {
  const auto path = asked.request().path;
  if (path == plain_path) return serve_plain(std::move(asked));
  if (path == socketio_path) return engine_.serve(std::move(asked), link_.up() && !stopping_);
  ++counts_.refused;
  asked.answer(http::problem(404, "sockets are at /ws, Socket.IO is at /socket.io/"));
}

// A POST that is far too big is refused before it gets to the engine.
void hub::answering(const http::request& asked, http::response& answer, std::chrono::nanoseconds) {
  if (answer.status == 413 && asked.path == socketio_path) {
    engine_.refused_as_too_big(read_engine_query(asked.query).session);
  }
}

void hub::serve_plain(http::exchange asked) {
  const http::request& request = asked.request();
  const admission_rules rules{tokens_, options_.origins, link_.up() && !stopping_};
  auto outcome = admit(request, rules, wall_now());
  if (auto* refusal = std::get_if<http::response>(&outcome)) {
    ++counts_.refused;
    return asked.answer(std::move(*refusal));
  }
  const auto& [who, answer] = std::get<admitted>(outcome);
  auto taken = asked.take();
  ++counts_.opened;
  const auto id = sockets_.open(std::move(taken.socket), who.expires_at, answer);
  router_.wait(id, who.user);
  link_.subscribe(id.token(), channel_of(who.user));
  sockets_.start(id, std::move(taken.read_ahead));
}

void hub::on_up() {
  // First in the stream: no socket is attached before this one is subscribed.
  link_.subscribe(subscribing_all, all_channel);
  reported_failure_.clear();
  ops::log_info("redis link up", {{"client_id", link_.client_id()}});
  if (first_up_) std::exchange(first_up_, nullptr)();
}

void hub::on_down(std::string_view why) {
  ++counts_.links_lost;
  ops::log_warn("redis link lost", {{"why", why}, {"sockets", sockets_.count()}});
  // What was published meanwhile nobody will see: no message frame follows, and each client learns to catch up.
  engine_.close_all(close_code::service_restart);
  sockets_.close_all(close_code::service_restart);
}

void hub::on_failed_try(std::string_view why) {
  if (why == reported_failure_) return;
  reported_failure_ = why;
  ops::log_warn("redis cannot be reached, trying on", {{"address", options_.redis.text}, {"why", why}});
}

void hub::on_reply(std::uint64_t token, const redis::reply& answer) {
  if (answer.is_error()) return link_.give_up("refused by Redis: " + std::string(answer.text()));
  if (token >= first_socket) attached(socket_id::from_token(token));
}

void hub::attached(socket_id id) {
  if (!router_.attach(id)) return;  // it has gone meanwhile
  ++counts_.ready;
  const auto& text = id.is_session() ? socketio_ready : plain_ready;
  const auto ready = frame::text({text.before, router_.user_of(id), text.after});
  id.is_session() ? engine_.send(id, ready) : sockets_.send(id, ready);
}

void hub::on_message(std::string_view channel, std::string_view payload) {
  const char letter = payload.empty() ? '\0' : payload.front();
  if (channel.starts_with(user_channel)) {
    const auto user = channel.substr(user_channel.size());
    if (letter == message_letter) return deliver(user, payload.substr(1));
    if (payload == std::string_view(&resync_letter, 1)) return resync(user);
  } else if (channel == all_channel && payload == std::string_view(&resync_letter, 1)) {
    return resync_all();
  }
  ops::log_warn("payload of an unknown kind", {{"bytes", payload.size()}});
}

void hub::deliver(std::string_view user, std::string_view message) {
  ++counts_.messages;
  frame plain, socketio;  // encoded once, for the first socket that takes it
  router_.each_attached(user, [&](socket_id id) {
    ++counts_.deliveries;
    if (id.is_session()) {
      if (!socketio) socketio = frame::text({socketio_message.before, message, socketio_message.after});
      return engine_.send(id, socketio);
    }
    if (!plain) plain = frame::text({plain_message.before, message, plain_message.after});
    sockets_.send(id, plain);
  });
}

void hub::resync(std::string_view user) {
  ++counts_.resyncs;
  router_.each_attached(user, [&](socket_id id) {
    id.is_session() ? engine_.close(id, close_code::service_restart) : sockets_.close(id, close_code::service_restart);
  });
}

void hub::resync_all() {
  ++counts_.resyncs;
  sockets_.each_open([&](socket_id id) {
    if (router_.attached(id)) sockets_.close(id, close_code::service_restart);
  });
  engine_.each_open([&](socket_id id) {
    if (router_.attached(id)) engine_.close(id, close_code::service_restart);
  });
}

void hub::on_leaving(socket_id id, close_code why) {
  count_close(why);
  left(id);
}

void hub::count_close(close_code why) {
  if (why == close_code::try_again_later) ++counts_.closed_slow;
  if (why == close_code::token_expired) ++counts_.closed_expired;
}

void hub::left(socket_id id) {
  const auto abandoned = router_.leave(id);
  if (abandoned && link_.up()) link_.unsubscribe(unsubscribing, channel_of(*abandoned));
}

void hub::on_empty() {
  if (stopping_) sockets_.stop_clock();
}

}  // namespace gateway

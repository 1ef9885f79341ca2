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
      redis_(context, options_.redis, options_.link, *this) {}

void hub::start(std::function<void()> first_up) {
  first_up_ = std::move(first_up);
  redis_.start();
}

void hub::stop() {
  stopping_ = true;
  redis_.stop();  // no message frame from here on
  engine_.close_all(close_code::going_away);
  sockets_.close_all(close_code::going_away);
  if (sockets_.count() == 0) sockets_.stop_clock();
}

void hub::serve(http::exchange asked) {
  const auto path = asked.request().path;
  if (path == plain_path) return serve_plain(std::move(asked));
  if (path == socketio_path) return engine_.serve(std::move(asked), redis_.up() && !stopping_);
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
  const admission_rules rules{tokens_, options_.origins, redis_.up() && !stopping_};
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
  subscribe(id, who.user);
  sockets_.start(id, std::move(taken.read_ahead));
}

// Each socket has a subscription of its own; its answer is the socket's place in the stream.
void hub::subscribe(socket_id id, std::string_view user) {
  const std::string channel = channel_of(user);
  const auto node = redis_.node_of(channel);
  if (!node) return missed(id);
  redis_.subscribe(*node, id.token(), channel, redis_.kind());
}

void hub::on_node_up(std::size_t node) {
  // First in the stream: no socket is attached before this one is subscribed.
  redis_.subscribe(node, subscribing_all, all_channel, redis::pubsub::plain);
  ops::log_info("redis link up", {{"node", node}, {"client_id", redis_.client_id(node)}});
}

void hub::on_all_up() {
  reported_failure_.clear();
  if (first_up_) std::exchange(first_up_, nullptr)();
}

void hub::on_node_down(std::size_t node, const redis::slot_set& slots, std::string_view why) {
  ++counts_.links_lost;
  ops::log_warn("redis link lost", {{"node", node}, {"why", why}, {"sockets", sockets_.count()}});
  // What was published meanwhile nobody will see: no message frame follows, and each client learns to catch up.
  if (slots.all()) {
    engine_.close_all(close_code::service_restart);
    sockets_.close_all(close_code::service_restart);
    return;
  }
  std::vector<socket_id> concerned;
  router_.each([&](socket_id id, std::string_view user) {
    if (slots.test(redis::slot_of(channel_of(user)))) concerned.push_back(id);
  });
  for (const socket_id id : concerned) missed(id);
}

// The slot of this channel moved to another master; what was published there meanwhile its sockets did not get.
void hub::on_channel_lost(std::string_view channel) {
  if (channel.starts_with(user_channel)) resync(channel.substr(user_channel.size()));
}

void hub::missed(socket_id id) {
  id.is_session() ? engine_.close(id, close_code::service_restart) : sockets_.close(id, close_code::service_restart);
}

void hub::on_failed_try(std::string_view why) {
  if (why == reported_failure_) return;
  reported_failure_ = why;
  ops::log_warn("redis cannot be reached, trying on", {{"address", options_.redis.text}, {"why", why}});
}

void hub::on_reply(std::size_t node, std::uint64_t token, const redis::reply& answer) {
  if (answer.is_error()) {
    if (!redis_.cluster()) return redis_.give_up(node, "refused by Redis: " + std::string(answer.text()));
    // The slot is elsewhere: this socket's client comes again, and others are not concerned.
    if (token >= first_socket && router_.takes_part(socket_id::from_token(token))) {
      missed(socket_id::from_token(token));
    }
    return;
  }
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
  router_.each_attached(user, [&](socket_id id) { missed(id); });
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
  if (!abandoned) return;
  const std::string channel = channel_of(*abandoned);
  if (const auto node = redis_.node_of(channel)) redis_.unsubscribe(*node, unsubscribing, channel, redis_.kind());
}

void hub::on_empty() {
  if (stopping_) sockets_.stop_clock();
}

}  // namespace gateway

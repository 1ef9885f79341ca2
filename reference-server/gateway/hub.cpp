#include "reference-server/gateway/hub.hpp"

#include "reference-server/gateway/handshake.hpp"
#include "reference-server/ops/log.hpp"

#include <chrono>
#include <utility>

namespace gateway {

namespace {
constexpr std::string_view user_channel = "chat:user:";
constexpr std::string_view all_channel = "chat:all";
// Tokens of commands that are no socket's; a socket's token is at least 2^32.
constexpr std::uint64_t unsubscribing = 0, subscribing_all = 1, first_socket = std::uint64_t{1} << 32;
// The first letter of a payload.
constexpr char message_letter = 'm', resync_letter = 'r';

std::string channel_of(std::string_view user) {
  return std::string(user_channel) + std::string(user);
}
}  // namespace

hub::hub(boost::asio::io_context& context, hub_options options, const token::signer& tokens)
    : options_(std::move(options)),
      tokens_(tokens),
      sockets_(context, options_.sockets, *this),
      link_(context, options_.redis, options_.link, *this) {}

void hub::start(std::function<void()> first_up) {
  first_up_ = std::move(first_up);
  link_.start();
}

void hub::stop() {
  stopping_ = true;
  link_.stop();  // no message frame from here on
  sockets_.close_all(close_code::going_away);
  if (sockets_.count() == 0) sockets_.stop_clock();
}

void hub::serve(http::exchange asked) {
  const http::request& request = asked.request();
  if (request.path != "/ws") {
    ++counts_.refused;
    return asked.answer(http::problem(404, "the socket is at /ws"));
  }
  const admission_rules rules{tokens_, options_.origins, link_.up() && !stopping_};
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  auto outcome = admit(request, rules, now);
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
  sockets_.send(id, frame::text({plain_ready.before, router_.user_of(id), plain_ready.after}));
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
  frame shared;  // encoded once, for the first socket that takes it
  router_.each_attached(user, [&](socket_id id) {
    if (!shared) shared = frame::text({plain_message.before, message, plain_message.after});
    ++counts_.deliveries;
    sockets_.send(id, shared);
  });
}

void hub::resync(std::string_view user) {
  ++counts_.resyncs;
  router_.each_attached(user, [&](socket_id id) { sockets_.close(id, close_code::service_restart); });
}

void hub::resync_all() {
  ++counts_.resyncs;
  sockets_.each_open([&](socket_id id) {
    if (router_.attached(id)) sockets_.close(id, close_code::service_restart);
  });
}

void hub::on_leaving(socket_id id, close_code why) {
  if (why == close_code::try_again_later) ++counts_.closed_slow;
  if (why == close_code::token_expired) ++counts_.closed_expired;
  const auto abandoned = router_.leave(id);
  if (abandoned && link_.up()) link_.unsubscribe(unsubscribing, channel_of(*abandoned));
}

void hub::on_empty() {
  if (stopping_) sockets_.stop_clock();
}

}  // namespace gateway

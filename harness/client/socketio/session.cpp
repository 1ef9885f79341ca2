#include "harness/client/socketio/session.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace client::socketio {

namespace {

namespace json = boost::json;

happening broken(std::string_view why) {
  return {.what = step::broken, .text = why};
}

}  // namespace

session::session(session_options options) : options_(std::move(options)) {}

time_point session::silent_at() const noexcept {
  if (!shaken_) return time_point::max();
  return heard_ + shaken_->ping_interval + shaken_->ping_timeout;
}

happening session::read(std::string_view text, time_point now) {
  const auto packet = read_engine_packet(text);
  if (!packet) return broken("no Engine.IO packet");
  if (packet->binary) return read_attachment(now);
  if (!shaken_) {
    if (packet->type != engine_type::open) return broken("the first packet is no handshake");
    auto shaken = read_handshake(packet->data);
    if (!shaken) {
      held_ = shaken.error().clause;
      return broken(held_);
    }
    shaken_ = std::move(*shaken);
    heard_ = now;
    queue({.type = packet_type::connect, .json = options_.auth});
    return {.what = step::opened};
  }
  switch (packet->type) {
    case engine_type::open:
      return broken("a second handshake");
    case engine_type::close:
      return {.what = step::closed};
    case engine_type::ping:
      heard_ = now;
      outgoing_.push_back(write_engine_packet(engine_type::pong, packet->data));
      return {};
    case engine_type::message:
      return read_message(packet->data);
    case engine_type::pong:
    case engine_type::upgrade:
    case engine_type::noop:
      return {};
  }
  return {};
}

happening session::read_attachment(time_point) {
  if (!shaken_) return broken("the first packet is no handshake");
  if (missing_ == 0) return broken("binary data that was not announced");
  if (--missing_ > 0) return {};
  const auto whole = read_packet(held_);  // it was read before
  return whole ? meaning(*whole) : broken("no packet");
}

happening session::read_message(std::string_view text) {
  if (missing_ > 0) return broken("text where binary data was announced");
  const auto got = read_packet(text);
  if (!got) {
    held_ = got.error().clause;
    return broken(held_);
  }
  if (got->attachments == 0) return meaning(*got);
  missing_ = got->attachments;
  held_ = text;
  return {};
}

happening session::meaning(const packet& got) {
  if (got.name_space != options_.name_space) return {};
  switch (got.type) {
    case packet_type::connect:
      return on_connect(got);
    case packet_type::disconnect:
      return {.what = step::left};
    case packet_type::event:
    case packet_type::binary_event:
      return {.what = step::event, .text = got.json, .ack = got.ack};
    case packet_type::ack:
    case packet_type::binary_ack:
      return {.what = step::acknowledged, .text = got.json, .ack = got.ack};
    case packet_type::connect_error:
      if (connected_) return {};
      return {.what = step::refused, .text = got.json};
  }
  return {};
}

happening session::on_connect(const packet& got) {
  if (connected_) return {};
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(got.json.data(), got.json.size()), error);
  const json::value* sid = error || !value.is_object() ? nullptr : value.get_object().if_contains("sid");
  // Servers of the protocol's older versions answer without one.
  if (sid == nullptr || !sid->is_string()) return broken("a CONNECT without a sid: not Socket.IO 5");
  connected_ = true;
  return {.what = step::connected, .text = got.json};
}

void session::queue(const packet& packet) {
  client::socketio::packet named = packet;
  named.name_space = options_.name_space;
  outgoing_.push_back(write_engine_packet(engine_type::message, write_packet(named)));
}

void session::emit(std::string_view list, std::optional<std::uint64_t> ack) {
  queue({.type = packet_type::event, .ack = ack, .json = list});
}

void session::acknowledge(std::string_view list, std::uint64_t ack) {
  queue({.type = packet_type::ack, .ack = ack, .json = list});
}

void session::leave() {
  queue({.type = packet_type::disconnect});
  connected_ = false;
}

}  // namespace client::socketio

#include "reference-server/socketio/connection.hpp"

#include <algorithm>

namespace socketio {

bool connection::joined(std::string_view name_space) const {
  return std::find(joined_.begin(), joined_.end(), name_space) != joined_.end();
}

connection::message connection::take_text(std::string_view text) {
  given_.reset();
  if (waiting_) return {kind::fault};  // attachments were announced
  const auto parsed = parse(text);
  if (!parsed) return {kind::fault};
  const bool inside = joined(parsed->name_space);
  switch (parsed->kind) {
    case packet_kind::connect:
      return {inside ? kind::fault : kind::connect, *parsed};
    case packet_kind::connect_error:
      return {kind::fault};
    case packet_kind::disconnect:
      return {inside ? kind::disconnect : kind::fault, *parsed};
    default:
      break;
  }
  if (!inside) return {kind::fault};
  if (parsed->attachments == 0) return finish(*parsed, {});
  waiting_ = std::make_unique<unfinished>();
  waiting_->text = text;
  waiting_->head = *parse(waiting_->text);
  return {};
}

connection::message connection::take_binary(std::string_view bytes) {
  given_.reset();
  if (!waiting_) return {kind::fault};  // nobody announced it
  waiting_->attachments.emplace_back(bytes);
  if (waiting_->attachments.size() < waiting_->head.attachments) return {};
  given_ = std::move(waiting_);
  return finish(given_->head, given_->attachments);
}

connection::message connection::finish(const packet& whole, std::span<const std::string> attachments) const {
  const bool event = whole.kind == packet_kind::event || whole.kind == packet_kind::binary_event;
  return {event ? kind::event : kind::ack, whole, attachments};
}

}  // namespace socketio

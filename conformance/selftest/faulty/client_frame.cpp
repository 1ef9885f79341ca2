#include "conformance/selftest/faulty/client_frame.hpp"

#include <boost/json.hpp>

namespace faulty {

std::optional<ClientMessage> message_in(std::string_view frame) {
  if (frame.starts_with("42")) frame.remove_prefix(2);
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(frame, error);
  if (error) return std::nullopt;
  const boost::json::value* at = &value;
  if (at->is_array() && at->get_array().size() > 1) at = &at->get_array()[1];
  if (at->is_object() && at->get_object().if_contains("data")) at = at->get_object().if_contains("data");
  if (!at->is_object()) return std::nullopt;
  const auto& object = at->get_object();
  const auto* chat = object.if_contains("chat_id");
  if (chat == nullptr) chat = object.if_contains("chat");
  const auto* body = object.if_contains("body");
  if (body == nullptr) body = object.if_contains("text");
  if (chat == nullptr || body == nullptr || !chat->is_int64() || !body->is_string() || body->get_string().empty())
    return std::nullopt;
  return ClientMessage{chat->get_int64(), std::string(std::string_view(body->get_string()))};
}

}  // namespace faulty

// Reading chats and messages out of JSON text. Pure, any thread; bad JSON is an answer, never an exception.
#pragma once

#include "harness/client/user/message.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace client {

// The error is one clause ("not JSON", "no member 'id'", "'id' is a fraction").
template <class T>
using read_result = boost::system::result<T, std::string>;

read_result<chat> read_chat(std::string_view json);
read_result<message> read_message(std::string_view json);
read_result<page<chat>> read_chats(std::string_view json);
read_result<page<message>> read_messages(std::string_view json);

// {"participant": peer}, {"body": text}. Text must be UTF-8; what is not is written as it is.
std::string write_participant(std::string_view peer);
std::string write_body(std::string_view text);

// A frame of the socket.
enum class event_kind : std::uint8_t { ready, message, other };
struct event {
  event_kind kind = event_kind::other;
  std::string user;                        // ready
  std::optional<client::message> message;  // message
  std::string problem;                     // an event named "message" that could not be read: kind is other
};
event read_event(std::string_view text);

}  // namespace client

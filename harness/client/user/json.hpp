// Reading chats and messages out of JSON text. Pure, any thread; bad JSON is an answer, never an exception.
#pragma once

#include "harness/client/target/problem.hpp"
#include "harness/client/user/message.hpp"

#include <string>
#include <string_view>

namespace client {

// Only the id must be there; other members may be missing (empty then), but not of another type. A number of 19 digits
// or more is taken as text wherever it stands. The reasons are clauses like "not JSON", "no member 'id'", "'id' is a
// fraction".
checked<chat> read_chat(std::string_view json);
checked<message> read_message(std::string_view json);
checked<page<chat>> read_chats(std::string_view json);
checked<page<message>> read_messages(std::string_view json);

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

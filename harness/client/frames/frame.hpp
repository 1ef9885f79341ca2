// A frame of a chat socket as JSON, whatever carried it. Plain data.
#pragma once

#include "harness/client/target/problem.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace client::frames {

struct frame {
  std::string event;        // Socket.IO: its name; raw: the text at /event; may be empty
  boost::json::value root;  // raw: the whole text; Socket.IO: the argument, or the list of several
};

// Integers that no double holds are text in it.
checked<frame> read_raw(std::string_view text);
// `list` is the JSON of an event: its name, then its arguments. None at all: root is null.
checked<frame> read_event_list(std::string_view list);
// Of an acknowledgement: all arguments, always as a list.
checked<boost::json::value> read_arguments(std::string_view list);

// The event as the raw frame that says the same: {"event":"message","data":…}. Empty when the list is not one of a name
// and at most one argument.
std::string as_raw(std::string_view list);

// To be written: the text of a WebSocket, or the list of an event.
struct written {
  bool is_event = false;
  std::string text = {};
  std::optional<std::uint64_t> ack = {};  // an acknowledgement of that number is asked for
};

}  // namespace client::frames

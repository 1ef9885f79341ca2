// The socket of a target as its file describes it: how to connect, what to say first, what is ready, which frames are
// messages. Everything in it is compiled; whoever runs it fills templates and follows pointers only. Plain data.
//
// A frame is JSON: of a raw WebSocket its text, of Socket.IO the list of arguments of an event; one argument is taken
// out of its list. Where no `message` is described the frames are the reference's: {"event": …, "data": …}.
#pragma once

#include "harness/client/target/capture.hpp"
#include "harness/client/target/text_template.hpp"
#include "harness/client/target/url.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace client {

enum class socket_kind : std::uint8_t { websocket, socketio };
enum class socket_transport : std::uint8_t { polling, websocket };

// One thing that must be so in a frame.
struct condition {
  enum class test : std::uint8_t { event, equals, present };
  test asks = test::present;
  std::string event;    // Socket.IO: name of the event; raw: the text at /event
  json_pointer at;      // equals, present
  text_template value;  // equals: compared as text, so that 3 is "3"
  bool wanted = true;   // present: or absent
};
using conditions = std::vector<condition>;  // all of them; none holds always

// What is written: a frame of text, or an event of Socket.IO.
struct outgoing {
  bool is_event = false;
  text_template frame;                   // ready to be written: JSON, or the text that `text:` gave
  text_template event;                   // plain text
  std::vector<text_template> arguments;  // each JSON
};

// What the acknowledgement of an event must say.
struct acknowledgement {
  bool error_first = false;  // the first argument is an error or null; the pointer looks into the second
  std::optional<json_pointer> at;
  std::optional<text_template> equals;  // nothing: it must only be there
  captures takes;
};

struct socket_step {
  enum class action : std::uint8_t { expect, send };
  action does = action::expect;
  conditions expect;
  captures takes;  // from the expected frame
  outgoing send;
  std::optional<acknowledgement> answered;  // an event is sent with an acknowledgement asked for
};

struct socket_ready {
  enum class sign : std::uint8_t { reference, open, connect, frame };
  sign is = sign::reference;  // reference: {"event":"ready"}
  conditions when;            // frame
};

struct socket_heartbeat {
  std::chrono::milliseconds every{0};
  outgoing send;
};

struct socket_answer {
  conditions when;
  outgoing send;
};

// Pointers into one item, after what is JSON inside of a string was unwrapped.
struct socket_message {
  conditions when;
  std::optional<json_pointer> items;  // a list of messages in one frame
  std::vector<json_pointer> unwrap;   // in the frame, each a string that holds JSON
  json_pointer id;
  std::optional<json_pointer> text;
  std::optional<json_pointer> chat;
  std::optional<json_pointer> sender;
  std::optional<json_pointer> time;
};

// How a socket looks that is not let in.
struct socket_refusal {
  enum class look : std::uint8_t { any, status, close, silent, none };
  look is = look::any;
  std::vector<std::uint16_t> codes;  // statuses or close codes
};

struct socket_description {
  std::vector<url> urls;  // at least one; sockets go round
  socket_kind kind = socket_kind::websocket;
  std::vector<socket_transport> transports{socket_transport::polling, socket_transport::websocket};  // Socket.IO
  std::optional<text_template> path;  // instead of the URL's
  std::vector<std::pair<std::string, text_template>> query;
  // Besides those of the login; nothing for a header that is left out.
  std::vector<std::pair<std::string, std::optional<text_template>>> headers;
  std::vector<text_template> protocols;
  text_template name_space{std::string("/")};  // Socket.IO
  std::optional<text_template> auth;           // Socket.IO: JSON
  bool login_headers = true;                   // the headers and cookies of the login go with the upgrade
  std::vector<socket_step> handshake;
  std::vector<socket_step> join;  // for each chat
  socket_ready ready;
  std::vector<std::pair<std::string, json_pointer>> track;
  std::optional<socket_heartbeat> heartbeat;
  std::vector<socket_answer> answers;
  std::optional<socket_message> message;
  std::vector<conditions> mentions;
  socket_refusal refusal;
};

}  // namespace client

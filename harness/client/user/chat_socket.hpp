// A user's receiving socket: over a WebSocket or Socket.IO, by the target file's description it says what has to be
// said first, joins chats, keeps the heartbeat, and tells ready and messages from noise, which is handed on. Owned by
// whoever opened it, on the thread of its io_context. Handlers as in websocket::socket; the frame of Socket.IO is the
// event's list, ["name",…].
#pragma once

#include "harness/client/frames/interpreter.hpp"
#include "harness/client/target/socket_description.hpp"
#include "harness/client/user/message.hpp"
#include "harness/client/websocket/socket.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client {

struct chat_handlers {
  std::function<void(time_point)> on_open = {};
  std::function<void(time_point)> on_ready = {};
  std::function<void(const message&, std::string_view frame, time_point)> on_message = {};
  std::function<void(std::string_view frame, time_point)> on_other = {};  // text or binary that is neither
  // As of a WebSocket; refused also when the handshake or a join was answered with a refusal.
  std::function<void(const websocket::end&)> on_end = {};
  std::function<void(std::string_view frame, time_point)> on_frame = {};    // every one, before it is looked into
  std::function<void(std::string_view frame, time_point)> on_mention = {};  // else on_other
  std::function<void(std::string_view frame)> on_written = {};              // a frame of ours, before it goes out
};

struct chat_socket_options {
  // Whose frames they are; shared with the target it is part of.
  std::shared_ptr<const socket_description> described;
  variables own = {};                       // the user's
  std::vector<http::header> headers = {};   // of the login; those of the description come on top
  std::string query = {};                   // added to the description's
  bool anonymous = false;                   // what needs a variable that is not there is left out, not an error
  std::vector<frames::joining> chats = {};  // joined before the socket is ready
  std::chrono::milliseconds patience{10'000};
};

class chat_socket {
 public:
  // Starts to connect at once.
  chat_socket(asio::io_context& io, const url& where, chat_socket_options options, chat_handlers handlers);
  // A raw WebSocket with the reference's frames.
  chat_socket(asio::io_context& io, const url& where, websocket::socket_options options, chat_handlers handlers);
  ~chat_socket();
  chat_socket(chat_socket&&) noexcept;
  chat_socket& operator=(chat_socket&&) noexcept;

  time_point started() const noexcept;                  // before connect
  std::optional<time_point> ready_at() const noexcept;  // the sign was seen, everything was said, the chats were joined
  const std::optional<websocket::end>& ended() const noexcept;
  bool ready() const noexcept { return ready_at().has_value() && !ended(); }
  bool is_open() const noexcept;  // connected, and neither side has ended it

  // Says what joins a chat; nothing for a target without such steps.
  void join(frames::joining chat);
  bool joined() const noexcept;  // every chat that was to be joined is
  // The same two for somebody who does not own the socket; once it is gone or has ended there is nothing to join.
  struct joiner {
    std::function<void(frames::joining)> join;
    std::function<bool()> joined;
    std::function<bool()> gone;
  };
  joiner later_joins() const;

  // What a client might write, ignored unless is_open(): raw a text frame; Socket.IO a packet when it looks like an
  // event's ("42[…"), else an event "message" with this JSON.
  void say(std::string_view text);

  // Code and reason are for a raw WebSocket.
  void close(std::uint16_t code = 1000, std::string_view reason = {});
  void abort();
  // For protocol cases. Nothing with Socket.IO.
  websocket::socket* raw() noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace client

// One Socket.IO connection to a target, in one namespace. Owned by its user, on the thread of its io_context. It opens,
// joins, answers pings, changes over from polling to a WebSocket as the stock client does, and says when and why it
// ended; it never reconnects.
//
// Handlers are called from the loop, never from inside a member function; on_end exactly once and last; none after
// destruction. A handler may destroy the socket.
#pragma once

#include "harness/client/net.hpp"
#include "harness/client/socketio/session.hpp"
#include "harness/client/target/url.hpp"
#include "harness/client/websocket/socket.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::socketio {

struct socket_handlers {
  std::function<void(time_point)> on_open = {};                            // the Engine.IO session was opened
  std::function<void(std::string_view json, time_point)> on_connect = {};  // the namespace was joined
  // `list`: name and arguments; `ack`: the server asks for an acknowledgement of that number
  std::function<void(std::string_view list, std::optional<std::uint64_t> ack, time_point)> on_event = {};
  std::function<void(std::uint64_t ack, std::string_view list, time_point)> on_acknowledged = {};
  // As of a WebSocket. refused: another status than 200 or 101, or CONNECT_ERROR (`status` from its data when it has
  // one); code: of a close frame, 0 when polling; timeout: not joined in time, or no ping in time.
  std::function<void(const websocket::end&)> on_end = {};
};

struct socket_options {
  session_options session = {};
  bool polling = true;                     // begin with it
  bool websocket = true;                   // change over to it, or begin with it when there is no polling
  std::vector<http::header> headers = {};  // of every request
  std::vector<std::string> subprotocols = {};
  std::chrono::milliseconds patience{10'000};  // until the namespace is joined, and for the farewell after close()
};

class socket {
 public:
  // Starts to connect at once. `where` with its path, such as /socket.io/, and its query; http or ws alike.
  socket(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers);
  ~socket();  // without a word
  socket(socket&&) noexcept;
  socket& operator=(socket&&) noexcept;

  time_point started() const noexcept;  // before connect
  bool is_open() const noexcept;        // the session was opened, neither side has ended it
  bool on_websocket() const noexcept;   // packets go over a WebSocket now

  // Each but abort() is ignored unless is_open(). `list` is a JSON array, the event's name first.
  void emit(std::string_view list, std::optional<std::uint64_t> ack = {});
  void acknowledge(std::string_view list, std::uint64_t ack);
  // An Engine.IO packet as it is, for protocol cases.
  void send_packet(std::string packet);
  // Leaves the namespace and closes the session; events still come until the peer's answer, its end, or `patience`.
  void close();
  // Breaks every connection of the session. on_end follows.
  void abort();

 private:
  class link;
  std::shared_ptr<link> link_;
};

}  // namespace client::socketio

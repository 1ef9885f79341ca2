// One WebSocket connection to a target. Owned by its user, on the thread of its io_context. It connects, shakes hands,
// reads, answers pings, and says when and why it ended; it never reconnects. Idle it holds no read buffer: reads wait
// for readiness and share one buffer per thread.
//
// Handlers are called from the loop, never from inside a member function; on_end exactly once and last; none after
// destruction. A handler may destroy the socket.
#pragma once

#include "harness/client/net.hpp"
#include "harness/client/target/url.hpp"
#include "harness/client/websocket/frame.hpp"
#include "harness/client/websocket/handshake.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace client::websocket {

enum class end_kind : std::uint8_t {
  closed_by_us,    // our close was written; `clean` says whether the answer came
  closed_by_peer,  // a close frame came first; code and reason are its
  eof,             // the connection ended without a close frame
  error,           // reset or another error of the connection, or it was never made
  refused,         // the handshake was answered with another status than 101
  protocol,        // the peer broke the standard; code is what we closed with
  timeout,         // no handshake by the deadline; Socket.IO: no ping in time
  aborted,         // abort()
};
std::string_view to_string(end_kind kind) noexcept;

struct end {
  end_kind kind = end_kind::error;
  time_point at{};         // when the session ended: before our close was written, else when the end was read
  time_point finished{};   // when the connection was gone: after the drain
  std::uint16_t code = 0;  // of the close frame that was read (1005: it had none); 0 when none was
  std::string reason;
  bool clean = false;                 // close frames went both ways
  int status = 0;                     // of the handshake; 0 when no answer came
  std::vector<http::header> headers;  // of the handshake's answer
  std::string detail;                 // a clause for people

  std::string summary() const;
};

struct socket_handlers {
  std::function<void(time_point)> on_open = {};                               // the handshake was accepted
  std::function<void(opcode, std::string_view, time_point)> on_message = {};  // a whole text or binary message
  std::function<void(const end&)> on_end = {};
  std::function<void(opcode, std::string_view, time_point)> on_control = {};  // optional: ping, pong and close frames
};

struct socket_options {
  handshake_options handshake = {};
  std::chrono::milliseconds patience{10'000};  // for connect and handshake together, and for the drain after close()
  std::size_t max_message = 16U << 20U;
  bool answer_pings = true;
};

class socket {
 public:
  // Starts to connect at once, as the loop's connections are made (transport/network.hpp).
  socket(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers);
  ~socket();  // without a close frame
  socket(socket&&) noexcept;
  socket& operator=(socket&&) noexcept;

  time_point started() const noexcept;  // before connect
  bool is_open() const noexcept;        // shaken hands and not ended, our close not sent

  // Each but abort() is ignored unless is_open(); abort() also ends a handshake.
  void send_text(std::string_view text);
  void send_bytes(std::string bytes);  // as they are, for protocol cases
  // Writes a close frame and reads on until the peer's close, its end, or `patience`; messages still come to
  // on_message.
  void close(std::uint16_t code = 1000, std::string_view reason = {});
  // Resets the connection (RST) without a word. on_end follows.
  void abort();
  // Stops reading: the kernel's buffers fill, as with a client that hangs. Reading goes on with resume_reading().
  void pause_reading();
  void resume_reading();

 private:
  class session;
  std::shared_ptr<session> session_;
};

}  // namespace client::websocket

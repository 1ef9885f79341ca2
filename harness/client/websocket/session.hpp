// The state of a WebSocket while handlers of the loop may still refer to it. Shared by the socket and by its pending
// operations, on the loop's thread. One reader (a wait for readiness), one writer (a queue), one timer.
#pragma once

#include "harness/client/transport/wire.hpp"
#include "harness/client/websocket/frame_parser.hpp"
#include "harness/client/websocket/message_assembler.hpp"
#include "harness/client/websocket/socket.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace client::websocket {

class socket::session : public std::enable_shared_from_this<session> {
 public:
  session(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers);

  void connect();
  time_point started() const noexcept { return started_; }
  bool is_open() const noexcept { return phase_ == phase::open; }
  void send_text(std::string_view text);
  void send_bytes(std::string bytes);
  void close(std::uint16_t code, std::string_view reason);
  void abort();
  void abandon();  // the owner is gone: no handler is called any more
  void pause_reading();
  void resume_reading();

 private:
  enum class phase : std::uint8_t {
    connecting,
    shaking,  // the request was written, the answer is not complete
    open,
    closing,    // our close was written, the peer's has not come
    leaving,    // the last frame is on its way out, then the end is told
    lingering,  // the end was told; the peer may close first, so that it keeps the TIME_WAIT
    ended,
  };

  void shake_hands();
  void tell_witness(std::string_view body) const;  // of the handshake
  void watch();
  // Reads all that has arrived, at most `most` reads; false when there may be more.
  bool drain(int most);
  void on_bytes(std::string_view bytes, time_point now);
  void on_answer(std::string_view bytes, time_point now);
  void on_frames(std::string_view bytes, time_point now);
  void on_frame(const frame& got, time_point now);
  void on_peer_close(std::string_view payload, time_point now);
  void on_stream_end(const boost::system::error_code& error);
  void on_deadline();
  void arm(std::chrono::milliseconds patience);
  void queue(std::string bytes);
  void flush();
  void leave(end_kind kind, time_point at);
  // Tells the end and lets go of the connection.
  void finish(end_kind kind, time_point at, std::string detail, bool linger = false);
  void tell_end();
  void disconnect();

  asio::io_context& io_;
  url where_;
  socket_options options_;
  socket_handlers handlers_;
  transport::wire wire_;
  timer timer_;
  time_point started_;
  std::string key_;
  std::string head_;  // the handshake's answer so far
  frame_parser parser_;
  message_assembler assembler_;
  std::string out_;        // waits for the writer
  std::string in_flight_;  // with the kernel
  end end_;
  phase phase_ = phase::connecting;
  bool watching_ = false;
  bool paused_ = false;
  bool abandoned_ = false;
};

}  // namespace client::websocket

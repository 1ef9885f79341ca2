// All WebSockets of the process: a table of plain slots, their reading, writing, clock and closing. Owned by the hub,
// on the loop's thread.
//
// Promises: frames of one socket go out in the order of send(); everything due to it in one turn of the loop goes out
// in one call; a frame that has begun ends before a close frame follows, or the connection is reset; after its token
// has expired, or once it is closing, no message frame begins. An idle socket costs a slot and what Asio keeps for it.
#pragma once

#include "reference-server/gateway/backlog.hpp"
#include "reference-server/gateway/close_code.hpp"
#include "reference-server/gateway/frame.hpp"
#include "reference-server/gateway/frame_parser.hpp"
#include "reference-server/gateway/socket_id.hpp"
#include "reference-server/gateway/wheel.hpp"
#include "reference-server/http/socket.hpp"
#include "reference-server/token/token.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

// All times are ticks: tenths of a second.
struct socket_limits {
  std::size_t message = 4096;             // bytes of a client's message
  std::size_t queued_bytes = 512 * 1024;  // from here on a socket is slow
  std::size_t queued_frames = 2000;
  tick queued_age = 100;
  tick close_within = 10;  // to write the close frame, and again to be answered
  tick ping_interval = 250;
  tick ping_timeout = 200;      // after a ping
  int send_buffer = 64 * 1024;  // bytes; the kernel's own choice swallows megabytes before a queue of ours fills
};

class sockets_owner {
 public:
  // This socket takes no part any more. Once for each socket, perhaps from inside send(), close() or flush.
  virtual void on_leaving(socket_id id, close_code why) = 0;
  // The last socket has gone.
  virtual void on_empty() = 0;
  // A tick has passed; `paused`: this process stood still before it.
  virtual void on_tick(bool /*paused*/) {}

 protected:
  ~sockets_owner() = default;
};

// Whoever carries sessions of another protocol over some of the sockets. These sockets are not pinged by themselves,
// what their clients say goes to the carrier, and so does their end, in the owner's stead.
class session_carrier {
 public:
  // It may close this socket, not another one that is being read.
  virtual void on_message(socket_id id, std::uint32_t session, bool binary, std::string_view payload) = 0;
  // What is to be sent before the close frame; empty: nothing. Comes before on_session_leaving().
  virtual frame last_words(socket_id id, std::uint32_t session, close_code why) = 0;
  virtual void on_session_leaving(socket_id id, std::uint32_t session, close_code why) = 0;

 protected:
  ~session_carrier() = default;
};

class sockets {
 public:
  sockets(boost::asio::io_context& context, const socket_limits& limits, sockets_owner& owner);
  ~sockets();
  sockets(const sockets&) = delete;
  sockets& operator=(const sockets&) = delete;

  static constexpr std::uint32_t no_session = ~std::uint32_t{0};

  // Where the sockets that are opened with a session belong to; it has to outlive them.
  void set_carrier(session_carrier& carrier) { carrier_ = &carrier; }

  // Takes a connection over; `answer` (the 101) is the first thing it is sent. `session`: what the carrier knows it by.
  socket_id open(http::tcp_socket stream, token::time_point expires_at, std::string_view answer,
                 std::uint32_t session = no_session);
  // Begins to read; `read_ahead` is what had come behind the handshake.
  void start(socket_id id, std::string read_ahead);

  // Due at the end of this turn. Does nothing for a socket that is closing or has gone.
  void send(socket_id id, const frame& due);
  // Drops what has not begun and closes with this code. Does nothing for a socket that is closing or has gone.
  void close(socket_id id, close_code code);
  void close_all(close_code code);
  // Ends the connection by a reset.
  void abandon(socket_id id);
  // The socket is closed with 4401 at this time instead of what was said before.
  void expire_at(socket_id id, token::time_point expires_at);
  // Takes what has already arrived from this client; not from inside on_message().
  void read_arrived(socket_id id);

  tick now() const { return wheel_.now(); }
  std::size_t count() const { return count_; }  // those that are closing included
  template <class Call>
  void each_open(Call call) {
    for (std::uint32_t place = 0; place < slots_.size(); ++place) {
      if (slots_[place].state == phase::open) call(socket_id{place, slots_[place].life});
    }
  }
  // Ends the clock, so that the loop may run out; call it when no socket is left.
  void stop_clock() {
    clock_stopped_ = true;
    timer_.cancel();
  }

 private:
  enum class phase : std::uint8_t {
    free,
    open,
    closing,     // a close frame is due
    close_sent,  // waiting for the client's, or for its end
  };
  struct slot {
    explicit slot(boost::asio::io_context& context) : stream(context.get_executor()) {}
    http::tcp_socket stream;
    std::unique_ptr<backlog> due;          // only while something is due
    std::unique_ptr<frame_parser> parser;  // only while something is half read
    token::time_point expires_at;
    std::uint32_t life = 0;
    std::uint32_t session = no_session;
    tick pinged = 0;  // when the last ping went out, or the socket was opened
    phase state = phase::free;
    bool greeted : 1 = false;        // the 101 is written
    bool dirty : 1 = false;          // stands in dirty_
    bool write_blocked : 1 = false;  // the kernel takes no more; a wait is under way
    bool ping_waits : 1 = false;
    bool peer_closed : 1 = false;
    bool discarding : 1 = false;  // what comes is read and thrown away
  };

  slot* find(socket_id id);
  // Reading
  void wait_readable(std::uint32_t place);
  bool read(std::uint32_t place);
  void take(std::uint32_t place, std::span<char> bytes);
  bool handle(std::uint32_t place, const frame_parser::event& event);
  bool hand_over(std::uint32_t place, const frame_parser::event& event);
  // Writing
  void push(std::uint32_t place, frame due);
  void mark_dirty(std::uint32_t place);
  void flush_dirty();
  void flush(std::uint32_t place);
  void wait_writable(std::uint32_t place);
  void all_written(std::uint32_t place);
  // Closing
  void begin_close(std::uint32_t place, close_code announced, close_code on_the_wire);
  void leave(std::uint32_t place, close_code why);
  void drop(std::uint32_t place, bool reset);
  // The clock
  void wait_tick();
  void on_tick();
  void look(std::uint32_t place);
  void schedule(std::uint32_t place);
  void close_expired();
  static bool expired(const slot& s);

  boost::asio::io_context& context_;
  socket_limits limits_;
  sockets_owner& owner_;
  session_carrier* carrier_ = nullptr;
  std::deque<slot> slots_;  // a slot never moves
  std::vector<std::uint32_t> free_;
  std::size_t count_ = 0;
  std::vector<std::uint32_t> dirty_;
  std::vector<std::unique_ptr<backlog>> spare_;  // backlogs to use again
  std::string buffer_;                           // for whichever socket is being read
  wheel wheel_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    http::executor>
      timer_;
  std::chrono::steady_clock::time_point next_tick_;
  bool clock_stopped_ = false;
};

}  // namespace gateway

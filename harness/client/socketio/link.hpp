// The state of a Socket.IO connection while handlers of the loop may still refer to it: the session, and what carries
// it. Shared by the socket and by posted operations, on the loop's thread; what it owns refers to it weakly.
#pragma once

#include "harness/client/http/connection.hpp"
#include "harness/client/socketio/socket.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace client::socketio {

class socket::link : public std::enable_shared_from_this<link> {
 public:
  link(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers);

  void start();
  time_point started() const noexcept { return started_; }
  bool is_open() const noexcept { return session_.is_open() && life_ == life::running; }
  bool on_websocket() const noexcept { return carrier_ == carrier::websocket; }
  void emit(std::string_view list, std::optional<std::uint64_t> ack);
  void acknowledge(std::string_view list, std::uint64_t ack);
  void send_packet(std::string packet);
  void close();
  void abort();
  void abandon();  // the owner is gone: no handler is called any more

 private:
  enum class carrier : std::uint8_t {
    polling,    // alone, or with a WebSocket that is being probed
    switching,  // the probe was answered: no new poll and no new POST; when none is under way any more, over it goes
    websocket,
  };
  enum class life : std::uint8_t {
    running,
    leaving,  // the end is decided and waits for a close code or the farewell
    ended,
  };

  void poll();
  void on_poll(http::exchange got);
  void post();
  void on_post(const http::exchange& got);
  // The end that a poll or POST which did not succeed is.
  void fail(const http::exchange& got, std::string_view what);
  http::request request(std::string_view method, std::string body);

  void open_websocket();
  void on_websocket_open();
  void on_websocket_message(websocket::opcode op, std::string_view payload, time_point now);
  void on_websocket_end(const websocket::end& got);
  void switch_over();  // when nothing is under way

  // False when that was the end, or the owner has gone.
  bool take(const happening& got, time_point now);
  void on_opened(time_point now);
  void flush();
  void arm();
  void on_time();
  void leave(websocket::end_kind kind, time_point at, std::string detail);
  void finish(websocket::end_kind kind, time_point at, std::string detail);
  std::string query(std::string_view transport) const;
  std::vector<http::header> headers() const;
  void keep_cookies(const std::vector<http::header>& of_answer);

  asio::io_context& io_;
  url where_;
  socket_options options_;
  socket_handlers handlers_;
  session session_;
  time_point started_;
  timer timer_;
  std::optional<http::connection> polls_;
  std::optional<http::connection> posts_;
  std::optional<websocket::socket> websocket_;
  std::vector<std::string> cookies_;  // name=value, as the answers set them: balancers know a session by them
  websocket::end end_;
  time_point leave_by_{};
  carrier carrier_ = carrier::polling;
  life life_ = life::running;
  bool polling_ = false;  // a GET is under way
  bool posting_ = false;  // a POST is under way
  bool overdue_ = false;  // the time is up, and what had arrived by then is being read
};

}  // namespace client::socketio

// One accepted connection: reads requests, hands each to the service, writes the answers in order.
// Owned by the server's list and kept alive by its pending operations and its exchange; on the loop's thread.
// It promises: one request at a time, nothing read while one is being carried out, every wait under a deadline, and
// after the last answer the sending side is shut down and the client's bytes are read on for a while.
#pragma once

#include "reference-server/http/exchange.hpp"
#include "reference-server/http/limits.hpp"
#include "reference-server/http/read_buffer.hpp"
#include "reference-server/http/request_parser.hpp"
#include "reference-server/http/socket.hpp"
#include "reference-server/http/timer_wheel.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace http {

// What all connections of a server share.
class connection_home {
 public:
  connection_home(http::service& asked, const limits& own_bounds) : service(asked), bounds(own_bounds) {}

  http::service& service;
  const limits bounds;
  timer_wheel wheel{std::chrono::milliseconds(250)};
  std::string date;  // the Date field's value, renewed with the wheel
  bool stopping = false;

  // The connection is gone or taken over.
  virtual void forget(connection& gone) = 0;

 protected:
  ~connection_home() = default;
};

class connection final : public std::enable_shared_from_this<connection>, private timed {
 public:
  connection(tcp_socket socket, std::shared_ptr<connection_home> home);

  void start();
  // Closes now when no exchange is open, else after its answer.
  void stop();
  void close();

  // For the exchange.
  const http::request& request() const { return parser_.request(); }
  void watch_end(std::function<void()> gone);
  void answer(response&& answer);
  taken_connection take();

 private:
  enum class waiting_for { nothing, request, head, body, write, end };

  void expired() override;
  void proceed();
  bool serve_next();
  void serve();
  void refuse(unsigned status, std::string_view detail);
  void read();
  void on_read(const boost::system::error_code& failed, std::size_t size);
  void watch(waiting_for what);
  void watch_input();
  void look_for_end();
  void flush();
  void on_written(const boost::system::error_code& failed);
  void linger();

  tcp_socket socket_;
  std::shared_ptr<connection_home> home_;
  read_buffer received_;
  request_parser parser_;
  std::string pending_;  // answers not handed to the kernel yet
  std::string writing_;  // what the write in flight holds
  std::size_t lingered_ = 0;
  std::chrono::steady_clock::time_point served_at_{};  // of the open exchange
  std::function<void()> gone_;                         // of the open exchange
  waiting_for watched_ = waiting_for::nothing;
  bool proceeding_ = false;  // proceed() is on the stack
  bool serving_ = false;     // an exchange is open
  bool reading_ = false;
  bool watching_end_ = false;
  bool last_ = false;  // no request after this one
  bool lingering_ = false;
  bool closed_ = false;
};

}  // namespace http

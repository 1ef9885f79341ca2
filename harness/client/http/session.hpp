// The state of a connection while handlers of the loop may still refer to it: connect, write, read, deadline. Shared by
// the connection and by its pending operations, on the loop's thread. An operation that belongs to an exchange or a
// socket of the past recognises this by its number and does nothing.
#pragma once

#include "harness/client/http/answer_parser.hpp"
#include "harness/client/http/connection.hpp"
#include "harness/client/http/witness.hpp"
#include "harness/client/transport/wire.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace client::http {

class connection::session : public std::enable_shared_from_this<session> {
 public:
  session(asio::io_context& io, url origin)
      : io_(io), witness_(witness::of(io)), origin_(std::move(origin)), wire_(io), timer_(io) {}

  bool idle() const noexcept { return !handler_; }
  bool warm() const noexcept { return idle() && connected_; }
  std::string encode(const request& request) const;

  void start(std::string bytes, bool head, time_point started, time_point deadline, exchange_handler handler);
  void cancel();   // the exchange under way ends with `cancelled`
  void abandon();  // the owner is gone: no handler is called any more

 private:
  void connect();
  void connected();
  void write();
  void watch();  // waits until the socket is readable; one wait is always pending while connected
  void drain();  // reads all that has arrived
  void on_end(const boost::system::error_code& error);
  void on_deadline();
  void fail(failure failure, std::string detail);
  void finish(time_point now);
  void disconnect();

  asio::io_context& io_;
  witness& witness_;
  url origin_;
  transport::wire wire_;
  timer timer_;
  std::uint64_t socket_number_ = 0;    // of the present connection
  std::uint64_t exchange_number_ = 0;  // of the present exchange
  bool connected_ = false;
  bool used_ = false;  // the connection carried an exchange before
  bool writing_ = false;
  std::string out_;
  std::optional<answer_parser> parser_;
  exchange exchange_;
  exchange_handler handler_;
};

}  // namespace client::http

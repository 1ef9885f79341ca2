// A port that several gateways share (SO_REUSEPORT): the kernel spreads new connections over them. For WebSockets only:
// the requests of a polling session would come to any of the processes, so they are refused here and belong to the port
// that each gateway has of its own. Owned by main, on the loop's thread.
//
// A process that is full closes its listening socket, so that the others get what comes, and opens it again when a
// tenth of its sockets has gone. Whoever had connected before it closed gets 503 and may come again at once.
#pragma once

#include "reference-server/gateway/hub.hpp"
#include "reference-server/http/server.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>

namespace gateway {

class shared_port final : http::service {
 public:
  // `most`: open sockets of the process at which it is full; at least 1.
  shared_port(boost::asio::io_context& context, hub& behind, const http::limits& bounds, std::size_t most);

  boost::system::error_code listen(const http::tcp::endpoint& at);
  void stop(std::chrono::milliseconds patience);

  bool open() const { return open_; }

 private:
  void serve(http::exchange asked) override;
  void answering(const http::request& asked, http::response& answer, std::chrono::nanoseconds took) override;
  bool full() const { return hub_.open_sockets() >= most_; }
  void close();
  void look_later();

  hub& hub_;
  http::server server_;
  http::tcp::endpoint at_;
  std::size_t most_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_;  // runs while it is closed because it is full
  bool open_ = false;
};

}  // namespace gateway

// Listens, reads requests, hands them to a service. Owned by main, on the loop's thread, together with the io_context.
// It promises: sizes are bounded (limits), requests of one connection are carried out one after another, malformed ones
// are answered here, and each wait has a deadline on one coarse clock for all connections.
#pragma once

#include "reference-server/http/exchange.hpp"
#include "reference-server/http/limits.hpp"
#include "reference-server/http/socket.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace http {

class server {
 public:
  server(boost::asio::io_context& io, service& service, limits bounds = {});
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  // Binds and listens; `reuse_port` shares the port with other processes. May be called again after stop_listening().
  boost::system::error_code listen(const tcp::endpoint& endpoint, bool reuse_port = false);
  tcp::endpoint local_endpoint() const;

  // Closes the listening socket; the connections stay, and who had connected already is served.
  void stop_listening();

  // Orderly stop: closes the listening socket and the idle connections; each open exchange is answered and its
  // connection closed. `drained` is called once, when no connection is left or at the latest after `patience`.
  void stop(std::chrono::milliseconds patience, std::function<void()> drained);

  // Connections the server holds; taken ones do not count.
  std::size_t connections() const;

 private:
  class state;
  std::shared_ptr<state> state_;
};

}  // namespace http

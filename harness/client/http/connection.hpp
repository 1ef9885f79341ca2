// One keep-alive HTTP/1.1 connection to one address, one exchange at a time. Owned by its user (mostly a pool), used on
// the thread of its io_context. Opens itself when it is needed and again after it was closed; nothing is ever sent
// twice.
//
// The handler of an exchange is called exactly once, from the loop, never from inside send(); when the connection is
// destroyed first, never.
#pragma once

#include "harness/client/http/exchange.hpp"
#include "harness/client/net.hpp"
#include "harness/client/target/url.hpp"

#include <functional>
#include <memory>

namespace client::http {

using exchange_handler = std::function<void(exchange)>;

class connection {
 public:
  // `origin` says where, and which path comes before every request's. How connections are made is the loop's matter
  // (transport/network.hpp); what TLS refuses is a failure `connect`.
  connection(asio::io_context& io, const url& origin);
  ~connection();
  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;

  // No exchange is under way.
  bool idle() const noexcept;
  // Connected and idle: the next exchange needs no new connection.
  bool warm() const noexcept;

  // Precondition: idle(). Everything, connecting included, must be complete at `deadline`, which is judged after all
  // that had arrived by then was read. `started` is what the exchange will say (now, or when a pool took the request).
  void send(request request, time_point started, time_point deadline, exchange_handler handler);

  // Sends these bytes as they are instead of an encoded request, for framing cases. `head`: the answer has no body.
  void send_raw(std::string bytes, bool head, time_point started, time_point deadline, exchange_handler handler);

  // Ends the exchange under way with `cancelled` and closes.
  void close();

 private:
  class session;
  std::shared_ptr<session> session_;
};

}  // namespace client::http

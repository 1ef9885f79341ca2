// Who is told of every exchange of a loop, whoever asked for it: for showing a person what went over the wire. One per
// io_context, on its thread; without a listener it costs a look.
#pragma once

#include "harness/client/http/exchange.hpp"
#include "harness/client/net.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace client::http {

class witness : public asio::execution_context::service {
 public:
  using key_type = witness;
  static asio::execution_context::id id;
  // `request`: the bytes as they were written. Called before the handler of the exchange; also for the handshake of a
  // WebSocket, whose answer has no body.
  using listener = std::function<void(std::string_view request, const exchange& came)>;

  explicit witness(asio::execution_context& owner) : asio::execution_context::service(owner) {}
  static witness& of(asio::io_context& io) { return asio::use_service<witness>(io); }

  void listen(listener to) { to_ = std::move(to); }
  bool listening() const noexcept { return static_cast<bool>(to_); }
  void tell(std::string_view request, const exchange& came) const {
    if (to_) to_(request, came);
  }

 private:
  void shutdown() noexcept override { to_ = nullptr; }

  listener to_;
};

}  // namespace client::http

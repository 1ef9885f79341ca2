// The options by which all connections of a loop are made: kept in the io_context, so that whoever opens a connection
// need not hand them on. One per io_context, on its thread.
#pragma once

#include "harness/client/net.hpp"
#include "harness/client/transport/options.hpp"
#include "harness/client/transport/tls.hpp"

#include <optional>

namespace client::transport {

class network : public asio::execution_context::service {
 public:
  using key_type = network;
  static asio::execution_context::id id;

  explicit network(asio::execution_context& owner) : asio::execution_context::service(owner) {}
  static network& of(asio::io_context& io) { return asio::use_service<network>(io); }

  const transport::options& options() const noexcept { return options_; }
  // Made at the first need. The reason stays.
  checked<SSL_CTX*> tls();
  // For connections that are made from now on.
  void use(transport::options options);

 private:
  void shutdown() noexcept override {}

  transport::options options_;
  std::optional<checked<tls_context>> tls_;
};

// Before the first connection of the loop is made; without it the defaults hold.
void use(asio::io_context& io, options options);

}  // namespace client::transport

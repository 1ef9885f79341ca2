#include "harness/client/transport/network.hpp"

#include <utility>

namespace client::transport {

asio::execution_context::id network::id;

checked<SSL_CTX*> network::tls() {
  if (!tls_) tls_.emplace(make_tls_context(options_));
  if (!*tls_) return tls_->error();
  return tls_->value().get();
}

void network::use(transport::options options) {
  options_ = std::move(options);
  tls_.reset();
}

void use(asio::io_context& io, options options) {
  network::of(io).use(std::move(options));
}

}  // namespace client::transport

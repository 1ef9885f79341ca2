// A bounded set of keep-alive connections to the base URLs of a target; requests go round the URLs. Owned by a user or
// a worker, used on the thread of its io_context. When every connection of a URL is busy a request waits, in order, and
// its deadline runs.
//
// A handler is called exactly once, from the loop, never from inside send(); after destruction never.
#pragma once

#include "harness/client/http/connection.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace client::http {

class pool {
 public:
  // `connections` is the limit over all URLs together, at least one for each; they open as they are needed.
  pool(asio::io_context& io, std::vector<url> origins, std::size_t connections);
  ~pool();
  pool(pool&&) noexcept;
  pool& operator=(pool&&) noexcept;

  // Precondition: patience > 0.
  void send(request request, std::chrono::nanoseconds patience, exchange_handler handler);

  // Under way or waiting.
  std::size_t pending() const noexcept;
  // Ends everything with `cancelled` and closes all connections; the pool can be used again.
  void close();

 private:
  class state;
  std::shared_ptr<state> state_;
};

}  // namespace client::http

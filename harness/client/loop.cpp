#include "harness/client/loop.hpp"

namespace client {

bool pump(asio::io_context& io, const std::function<bool()>& predicate, time_point deadline) {
  if (predicate()) return true;
  io.restart();
  while (clock::now() < deadline) {
    if (io.run_one_until(deadline) == 0) {
      if (io.stopped()) return predicate();  // out of work: nothing is left that could change the answer
      break;
    }
    if (predicate()) return true;
  }
  // poll_one() asks the kernel each time its own queue is empty, so 0 means that nothing had arrived that is not
  // handled.
  const auto limit = clock::now() + std::chrono::seconds(1);
  while (io.poll_one() != 0) {
    if (predicate()) return true;
    if (clock::now() >= limit) break;
  }
  return predicate();
}

bool pump_ready(asio::io_context& io) {
  io.restart();
  const auto limit = clock::now() + std::chrono::seconds(1);
  while (io.poll_one() != 0) {
    if (clock::now() >= limit) return false;
  }
  return true;
}

}  // namespace client

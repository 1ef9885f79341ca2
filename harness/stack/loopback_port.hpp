// A TCP port of 127.0.0.1 that stays ours while the process behind it is down. A bound socket that never listens:
// programs that set SO_REUSEADDR (as every server does) can listen on the port, and nothing else gets it. Without it a
// client that reconnects to a port nobody listens on can be given that very port as its own and then talk to itself.
// Owned by the supervisor, one per listening port, for the whole life of the stack.
#pragma once

#include "harness/stack/descriptor.hpp"
#include "harness/stack/failure.hpp"

#include <cstdint>
#include <string>

namespace stack {

class loopback_port {
 public:
  static start_result<loopback_port> reserve();

  std::uint16_t number() const noexcept { return number_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(number_); }

 private:
  loopback_port(descriptor socket, std::uint16_t number) : socket_(std::move(socket)), number_(number) {}
  descriptor socket_;
  std::uint16_t number_ = 0;
};

}  // namespace stack

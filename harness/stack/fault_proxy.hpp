// Stands between a client and a server (the api and its Redis, a user and a gateway) as bytes on TCP or unix sockets,
// and breaks what passes when it is told to. Owned by a test or a run, on a thread of its own; each call may come from
// any thread and returns when it holds for every connection.
//
// It promises: bytes keep their order, none is added; what a stall or a delay holds back goes on once it is over, what
// half_open() or lose_answer() swallows never does. At most 1 MiB waits in each direction of a connection: then the
// sender is no longer read, as with a receiver that is slow. TCP addresses are those of 127.0.0.1.
#pragma once

#include "harness/stack/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace stack {

class fault_proxy {
 public:
  enum class end : std::uint8_t { client, server };
  enum class towards : std::uint8_t { client, server, both };

  // Both are "127.0.0.1:PORT" or the path of a unix socket; to listen on port 0 is to listen on any free one. The
  // server may be named later (empty until then: a new connection ends at once).
  static start_result<std::unique_ptr<fault_proxy>> open(const std::string& listen, const std::string& server);
  ~fault_proxy();
  fault_proxy(const fault_proxy&) = delete;
  fault_proxy& operator=(const fault_proxy&) = delete;

  const std::string& address() const noexcept;  // where it listens; a unix socket's path is removed at the end
  void forward_to(const std::string& server);   // the connections that come from here on

  // No fault from here on; what was held goes on.
  void pass();
  // Ends all connections (what was held is lost), and each new one as soon as it comes.
  void cut();
  // Ends the connections that exist with a reset (on a unix socket: an end of file). New ones pass.
  void reset();
  // Bytes that way stay here, of later connections too; the connections live.
  void stall(towards which);
  // Each byte comes so much later, both ways, of later connections too.
  void delay(std::chrono::milliseconds by);
  // The connections that exist: `told` sees an end of file; the other end hears nothing, and what it says vanishes,
  // until it gives up by itself or pass() ends it. New connections pass.
  void half_open(end told);
  // Once, on whichever connection it comes: what the server says next is swallowed, and that connection ends.
  void lose_answer();

  std::size_t connections();  // that exist now, half-open ones included
  std::uint64_t accepted();   // since the start
  std::uint64_t answers_lost();

 private:
  class state;
  explicit fault_proxy(std::unique_ptr<state> own) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace stack

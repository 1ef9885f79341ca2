// One request waiting for its answer: the handle a service gets from the server.
// Moved, never copied; used on the loop's thread. It ends by answer() or take(); dropped without either, the connection
// is closed. The server reads nothing further from that connection before the exchange has ended.
#pragma once

#include "reference-server/http/request.hpp"
#include "reference-server/http/response.hpp"
#include "reference-server/http/socket.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace http {

class connection;

// A connection taken over from the server: the socket (non-blocking) and what had been read behind the request.
struct taken_connection {
  tcp_socket socket;
  std::string read_ahead;
};

class exchange {
 public:
  explicit exchange(std::shared_ptr<connection> owner);
  exchange(exchange&& other) noexcept = default;
  exchange& operator=(exchange&& other) noexcept;
  ~exchange();

  const http::request& request() const;

  // For answers that are held back: `gone` is called once when the client ends the connection before the answer; the
  // exchange is still there then. Not noticed behind further bytes of the client.
  void watch_end(std::function<void()> gone);

  // Ends the exchange. The answer is written in its turn; a client that has gone is no error.
  void answer(response&& answer);

  // Ends the exchange; the server forgets the connection, also in its count. For upgrades.
  taken_connection take();

 private:
  std::shared_ptr<connection> owner_;
};

// What the process does with requests. Called on the loop's thread, one request of a connection at a time.
class service {
 public:
  virtual void serve(exchange asked) = 0;

  // Before an answer is written, for those that the server gives by itself (malformed, too large, too late) too: the
  // place for what belongs on every answer, and for counting. `asked` is the request as far as it was read; `took` is
  // the time since serve(), 0 when it was not called.
  virtual void answering(const request& /*asked*/, response& /*answer*/, std::chrono::nanoseconds /*took*/) {}

 protected:
  ~service() = default;
};

}  // namespace http

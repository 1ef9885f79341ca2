// A raw Engine.IO client for tests: polls and POSTs that can be left open or broken off, and a WebSocket that answers
// heartbeats by itself, so that a close it sees has another cause. Every wait ends after ten seconds by throwing.
#pragma once

#include "reference-server/test/gateway_fixture_test.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway_test {

struct http_answer {
  int status = 0;
  std::string head, body;
};

// One request on a connection of its own.
class http_call {
 public:
  http_call(std::uint16_t port, const std::string& method, const std::string& target, const std::string& body = {},
            const std::string& headers = {});
  http_call(std::uint16_t port, std::string_view text);  // as it is
  ~http_call();
  http_call(const http_call&) = delete;
  http_call& operator=(const http_call&) = delete;
  http_answer answer();  // waits for it
  bool answered();       // whether a byte of it has come
  void break_off();      // ends the connection

 private:
  int socket_ = -1;
  std::string received_;
};

// Where Engine.IO is served, and requests to it. `sid` may be empty.
class engine_client {
 public:
  engine_client(std::uint16_t port, std::string path) : port_(port), path_(std::move(path)) {}

  std::string target(const std::string& transport, const std::string& sid = {}) const;
  http_answer ask(const std::string& method, const std::string& query, const std::string& body = {}) const;
  std::string open() const;  // a polling session's sid
  http_answer poll(const std::string& sid) const;
  std::unique_ptr<http_call> held_poll(const std::string& sid) const;
  http_answer post(const std::string& sid, const std::string& body, const std::string& headers = {}) const;
  // The status of a WebSocket handshake with this query.
  int handshake_status(const std::string& query) const;

  std::uint16_t port() const { return port_; }
  const std::string& path() const { return path_; }

 private:
  std::uint16_t port_;
  std::string path_;
};

class engine_socket {
 public:
  // Opens a session of its own (reads the first packet), or the second WebSocket of one that polls.
  explicit engine_socket(const engine_client& server, const std::string& sid = {});

  const std::string& opening() const { return opening_; }
  void send(std::string_view packet) { wire_.send_frame(0x81, packet); }
  void send_binary(std::string_view bytes) { wire_.send_frame(0x82, bytes); }
  void answer_pings(bool yes) { answer_pings_ = yes; }
  // The next message; a heartbeat is answered and passed over while answer_pings is on. Throws at the end.
  frame next();
  std::string text() { return next().payload; }
  // Reads on to the end; the close code, 0 for none, 1006 for an end without a close frame.
  int close_code();
  client& wire() { return wire_; }

 private:
  client wire_;
  std::string opening_;
  bool answer_pings_ = true;
};

// The text of this member, as it stands in JSON.
std::string member(const std::string& json, const std::string& name);

}  // namespace gateway_test

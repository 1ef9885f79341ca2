// A server for tests that does exactly what the test says, byte by byte, on loopback and in the test's own loop.
#pragma once

#include "harness/client/net.hpp"
#include "harness/client/target/url.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::test {

// One accepted connection.
class peer : public std::enable_shared_from_this<peer> {
 public:
  explicit peer(tcp_socket socket) : socket_(std::move(socket)) {}

  std::string received;                 // all that came and was not taken
  bool eof = false;                     // the client left
  bool broken = false;                  // the client reset the connection
  std::function<void(peer&)> on_bytes;  // after each read

  void write(std::string bytes);
  void dribble(std::string_view bytes);  // one byte per turn of the loop
  void finish();                         // FIN once all was written
  void reset();                          // RST now
  void stop_reading() { reading_ = false; }

  void start();  // by the server
  // Takes one whole request (head and body by Content-Length) off `received`.
  std::optional<std::string> take_request();

 private:
  void read();
  void flush();

  tcp_socket socket_;
  std::array<char, 16384> buffer_{};
  std::deque<std::string> out_;
  bool writing_ = false;
  bool finish_ = false;
  bool reading_ = true;
};

class server {
 public:
  // `on_accept` may set on_bytes; the server keeps the peers alive.
  server(asio::io_context& io, std::function<void(peer&)> on_accept);
  ~server();

  client::url url(std::string scheme = "http", std::string path = "/") const;
  std::vector<std::shared_ptr<peer>> peers;

 private:
  void accept();
  asio::io_context& io_;
  asio::basic_socket_acceptor<asio::ip::tcp, executor> acceptor_;
  std::function<void(peer&)> on_accept_;
};

// A server whose every request is answered by `answer(request)`, the raw bytes of an answer.
std::function<void(peer&)> answering(std::function<std::string(const std::string& request)> answer);

// "HTTP/1.1 200 OK" with a length.
std::string ok(std::string_view body, std::string_view status = "200 OK");

}  // namespace client::test

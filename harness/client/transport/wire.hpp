// One connection of bytes to where a URL points: TCP, or TLS over it, directly or through a proxy. Owned by an HTTP
// connection or a WebSocket, which shares itself with what it starts here (its handlers keep it alive). On the loop's
// thread. Plain TCP costs one look at a pointer more than a bare socket.
#pragma once

#include "harness/client/net.hpp"
#include "harness/client/transport/network.hpp"
#include "harness/client/transport/tls.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace client::transport {

enum class trouble : std::uint8_t { none, resolve, connect };

class wire {
 public:
  // What went wrong, and a clause with its place.
  using connect_handler = std::function<void(trouble, std::string)>;

  explicit wire(asio::io_context& io);
  ~wire();

  // Calls back from the loop; after close(), never. On success the socket does not block and does not wait for more.
  void connect(const url& where, connect_handler handler);

  // Reads what has arrived: would_block when nothing has, eof at the end.
  std::size_t read_some(char* to, std::size_t most, boost::system::error_code& error) {
    if (!tls_) return socket_.read_some(asio::buffer(to, most), error);
    return read_decrypted(to, most, error);
  }

  // Calls back once read_some() is worth a try.
  template <class Handler>
  void wait_read(Handler&& handler) {
    if (tls_ && more_) {
      asio::post(socket_.get_executor(),
                 [handler = std::forward<Handler>(handler)] { handler(boost::system::error_code()); });
      return;
    }
    socket_.async_wait(tcp_socket::wait_read, std::forward<Handler>(handler));
  }

  // One at a time; `bytes` stay where they are until the handler.
  template <class Handler>
  void write(const std::string& bytes, Handler&& handler) {
    if (!tls_) {
      asio::async_write(socket_, asio::buffer(bytes), std::forward<Handler>(handler));
      return;
    }
    asio::async_write(socket_, asio::buffer(encrypt(bytes)), std::forward<Handler>(handler));
  }

  // While nothing is due: the peer has closed or spoken. What TLS says by itself is no speaking.
  bool spoken_to();
  // The same when wait_read() has called back: without TLS that says it all.
  bool spoken_to_when_readable() { return !tls_ || spoken_to(); }

  void close();
  void reset();  // at once, without a word

 private:
  struct attempt;
  void reach(const url& peer, const std::shared_ptr<attempt>& trying);
  void reached(const std::shared_ptr<attempt>& trying);
  void ask_proxy(const std::shared_ptr<attempt>& trying);
  void read_proxy(const std::shared_ptr<attempt>& trying);
  void begin_tls(const std::shared_ptr<attempt>& trying);
  void shake(const std::shared_ptr<attempt>& trying);
  void tell(const std::shared_ptr<attempt>& trying, trouble kind, std::string detail);
  std::size_t read_decrypted(char* to, std::size_t most, boost::system::error_code& error);
  const std::string& encrypt(std::string_view plain);
  void drop();

  network& network_;
  tcp_socket socket_;
  tcp_resolver resolver_;
  std::uint64_t number_ = 0;  // of the present connection
  std::unique_ptr<tls> tls_;
  std::string encrypted_;  // with the kernel
  bool more_ = false;      // decrypted bytes may wait inside
};

}  // namespace client::transport

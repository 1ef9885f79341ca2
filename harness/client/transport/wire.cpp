#include "harness/client/transport/wire.hpp"

#include "harness/client/resolve.hpp"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>

#include <array>
#include <cerrno>

namespace client::transport {

using boost::system::error_code;

namespace {

constexpr std::size_t most_head = 16U << 10U;

// One per thread that all connections share: nothing stays in it.
std::array<char, (16U << 10U) + 512>& encrypted_buffer() {
  thread_local std::array<char, (16U << 10U) + 512> buffer;
  return buffer;
}

bool would_block(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

// A connection being made. The handler keeps the owner, and with it the wire, alive.
struct wire::attempt {
  url where;
  connect_handler handler;
  std::uint64_t number = 0;
  const url* proxy = nullptr;
  std::string bytes;  // to the proxy, then from it
  std::string at;     // for people
};

wire::wire(asio::io_context& io) : network_(network::of(io)), socket_(io), resolver_(io) {}
wire::~wire() = default;

void wire::tell(const std::shared_ptr<attempt>& trying, trouble kind, std::string detail) {
  if (trying->number != number_) return;
  trying->handler(kind, std::move(detail));
}

void wire::connect(const url& where, connect_handler handler) {
  auto trying = std::make_shared<attempt>();
  trying->where = where;
  trying->handler = std::move(handler);
  trying->number = ++number_;
  trying->proxy = proxy_for(network_.options(), where);
  trying->at = where.authority();
  if (trying->proxy != nullptr) {
    trying->at = "proxy " + trying->proxy->authority();
    return reach(*trying->proxy, trying);
  }
  url peer = where;
  if (const fixed_address* fixed = fixed_for(network_.options(), where)) peer.host = fixed->address;
  reach(peer, trying);
}

void wire::reach(const url& peer, const std::shared_ptr<attempt>& trying) {
  resolve(resolver_, peer, [this, trying, host = peer.host](const error_code& error, const endpoints& found) {
    if (trying->number != number_) return;
    if (error) return tell(trying, trouble::resolve, host + ": " + error.message());
    asio::async_connect(socket_, found, [this, trying](const error_code& refused, const asio::ip::tcp::endpoint&) {
      if (trying->number != number_) return;
      if (refused) return tell(trying, trouble::connect, trying->at + ": " + refused.message());
      reached(trying);
    });
  });
}

void wire::reached(const std::shared_ptr<attempt>& trying) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  if (trying->proxy != nullptr) return ask_proxy(trying);
  if (trying->where.secure()) return begin_tls(trying);
  tell(trying, trouble::none, {});
}

void wire::ask_proxy(const std::shared_ptr<attempt>& trying) {
  const bool v6 = trying->where.host.find(':') != std::string::npos;
  const std::string to =
      (v6 ? "[" + trying->where.host + "]" : trying->where.host) + ":" + std::to_string(trying->where.port);
  const std::string& authorization = network_.options().proxy_authorization;
  trying->bytes = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n";
  if (!authorization.empty()) trying->bytes += "Proxy-Authorization: " + authorization + "\r\n";
  trying->bytes += "\r\n";
  asio::async_write(socket_, asio::buffer(trying->bytes), [this, trying](const error_code& error, std::size_t) {
    if (trying->number != number_) return;
    if (error) return tell(trying, trouble::connect, trying->at + ": " + error.message());
    trying->bytes.clear();
    read_proxy(trying);
  });
}

void wire::read_proxy(const std::shared_ptr<attempt>& trying) {
  socket_.async_wait(tcp_socket::wait_read, [this, trying](const error_code& broken) {
    if (trying->number != number_) return;
    error_code error = broken;
    auto& buffer = encrypted_buffer();
    const std::size_t size = error ? 0 : socket_.read_some(asio::buffer(buffer), error);
    if (would_block(error)) return read_proxy(trying);
    if (error) return tell(trying, trouble::connect, trying->at + ": " + error.message());
    trying->bytes.append(buffer.data(), size);
    const auto end = trying->bytes.find("\r\n\r\n");
    if (end == std::string::npos && trying->bytes.size() < most_head) return read_proxy(trying);
    const std::string line = trying->bytes.substr(0, trying->bytes.find("\r\n"));
    const bool http = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
    if (end == std::string::npos || !http || line.size() < 12 || line[9] != '2') {
      return tell(trying, trouble::connect, trying->at + " said: " + line.substr(0, 100));
    }
    begin_tls(trying);
  });
}

void wire::begin_tls(const std::shared_ptr<attempt>& trying) {
  trying->at = trying->where.authority();
  const auto context = network_.tls();
  if (!context) return tell(trying, trouble::connect, "TLS: " + context.error().clause);
  tls_ = std::make_unique<tls>(*context, trying->where.host);
  shake(trying);
}

void wire::shake(const std::shared_ptr<attempt>& trying) {
  const tls::step step = tls_->handshake();
  encrypted_ = tls_->take_output();
  const auto next = [this, trying, step](const error_code& error) {
    if (trying->number != number_) return;
    if (error) return tell(trying, trouble::connect, trying->at + ": " + error.message());
    if (step == tls::step::failed) {
      return tell(trying, trouble::connect, trying->at + ": TLS: " + tls_->problem());
    }
    if (step == tls::step::done) {
      more_ = tls_->holds_more();  // the server's first words may have come with its last of the handshake
      return tell(trying, trouble::none, {});
    }
    socket_.async_wait(tcp_socket::wait_read, [this, trying](const error_code& broken) {
      if (trying->number != number_) return;
      error_code failed = broken;
      auto& buffer = encrypted_buffer();
      const std::size_t size = failed ? 0 : socket_.read_some(asio::buffer(buffer), failed);
      if (failed && !would_block(failed)) {
        return tell(trying, trouble::connect, trying->at + ": in the TLS handshake: " + failed.message());
      }
      tls_->feed({buffer.data(), size});
      shake(trying);
    });
  };
  // An alert is worth sending, too: the server then knows why.
  if (encrypted_.empty()) return next({});
  asio::async_write(socket_, asio::buffer(encrypted_), [next](const error_code& error, std::size_t) { next(error); });
}

std::size_t wire::read_decrypted(char* to, std::size_t most, error_code& error) {
  auto& buffer = encrypted_buffer();
  for (;;) {
    std::size_t size = 0;
    switch (tls_->read(to, most, size)) {
      case tls::step::done:
        more_ = true;
        error = {};
        return size;
      case tls::step::closed:
        error = asio::error::eof;
        return 0;
      case tls::step::failed:
        error = asio::error::connection_aborted;
        return 0;
      case tls::step::need_more:
        break;
    }
    more_ = false;
    const std::size_t got = socket_.read_some(asio::buffer(buffer), error);
    if (error) return 0;
    tls_->feed({buffer.data(), got});
  }
}

const std::string& wire::encrypt(std::string_view plain) {
  tls_->write(plain);
  encrypted_ = tls_->take_output();
  return encrypted_;
}

bool wire::spoken_to() {
  if (tls_) {
    char byte = 0;
    error_code error;
    return read_decrypted(&byte, 1, error) > 0 || !would_block(error);
  }
  char byte = 0;
  const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void wire::close() {
  if (tls_ && socket_.is_open()) {
    tls_->say_goodbye();
    error_code ignored;
    socket_.write_some(asio::buffer(tls_->take_output()), ignored);  // if there is room for it
  }
  drop();
}

void wire::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  drop();
}

void wire::drop() {
  ++number_;
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  tls_.reset();
  more_ = false;
}

}  // namespace client::transport

#include "harness/client/test/server.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>

namespace client::test {

using boost::system::error_code;

void peer::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  read();
}

void peer::read() {
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            if (error == asio::error::eof) self->eof = true;
                            if (error == asio::error::connection_reset) self->broken = true;
                            if (error && error != asio::error::eof && error != asio::error::connection_reset) return;
                            self->received.append(self->buffer_.data(), size);
                            if (self->on_bytes) self->on_bytes(*self);
                            if (!error && self->reading_ && self->socket_.is_open()) self->read();
                          });
}

void peer::write(std::string bytes) {
  out_.push_back(std::move(bytes));
  flush();
}

void peer::dribble(std::string_view bytes) {
  for (const char c : bytes) out_.emplace_back(1, c);
  flush();
}

void peer::finish() {
  finish_ = true;
  flush();
}

void peer::flush() {
  if (writing_) return;
  error_code ignored;
  if (out_.empty()) {
    if (finish_) socket_.shutdown(tcp_socket::shutdown_send, ignored);
    return;
  }
  writing_ = true;
  asio::async_write(socket_, asio::buffer(out_.front()),
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      self->writing_ = false;
                      if (error) return;
                      self->out_.pop_front();
                      self->flush();
                    });
}

void peer::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

std::optional<std::string> peer::take_request() {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  std::size_t length = 0;
  if (const auto at = received.find("Content-Length: "); at < end) {
    length = static_cast<std::size_t>(std::strtoul(received.c_str() + at + 16, nullptr, 10));
  }
  if (received.size() < end + 4 + length) return std::nullopt;
  std::string request = received.substr(0, end + 4 + length);
  received.erase(0, request.size());
  return request;
}

server::server(asio::io_context& io, std::function<void(peer&)> on_accept)
    : io_(io), acceptor_(io), on_accept_(std::move(on_accept)) {
  const asio::ip::tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
  acceptor_.open(any.protocol());
  acceptor_.bind(any);
  acceptor_.listen();
  accept();
}

server::~server() {
  for (const auto& each : peers) {
    each->on_bytes = nullptr;
    each->reset();
  }
}

client::url server::url(std::string scheme, std::string path) const {
  return {std::move(scheme), "127.0.0.1", acceptor_.local_endpoint().port(), std::move(path)};
}

void server::accept() {
  acceptor_.async_accept(io_, [this](const error_code& error, tcp_socket socket) {
    if (error) return;
    peers.push_back(std::make_shared<peer>(std::move(socket)));
    const auto added = peers.back();
    if (on_accept_) on_accept_(*added);
    added->start();
    accept();
  });
}

std::function<void(peer&)> answering(std::function<std::string(const std::string& request)> answer) {
  return [answer = std::move(answer)](peer& accepted) {
    accepted.on_bytes = [answer](peer& from) {
      while (const auto request = from.take_request()) from.write(answer(*request));
    };
  };
}

std::string ok(std::string_view body, std::string_view status) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace client::test

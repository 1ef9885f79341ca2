#include "harness/client/socketio/socket.hpp"

#include "harness/client/socketio/link.hpp"

#include <utility>

namespace client::socketio {

socket::socket(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers)
    : link_(std::make_shared<link>(io, where, std::move(options), std::move(handlers))) {
  link_->start();
}

socket::~socket() {
  if (link_) link_->abandon();
}

socket::socket(socket&&) noexcept = default;

socket& socket::operator=(socket&& other) noexcept {
  if (this != &other) {
    if (link_) link_->abandon();
    link_ = std::move(other.link_);
  }
  return *this;
}

time_point socket::started() const noexcept {
  return link_->started();
}
bool socket::is_open() const noexcept {
  return link_->is_open();
}
bool socket::on_websocket() const noexcept {
  return link_->on_websocket();
}
void socket::emit(std::string_view list, std::optional<std::uint64_t> ack) {
  link_->emit(list, ack);
}
void socket::acknowledge(std::string_view list, std::uint64_t ack) {
  link_->acknowledge(list, ack);
}
void socket::send_packet(std::string packet) {
  link_->send_packet(std::move(packet));
}
void socket::close() {
  link_->close();
}
void socket::abort() {
  link_->abort();
}

}  // namespace client::socketio

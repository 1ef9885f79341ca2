#include "harness/client/websocket/socket.hpp"

#include "harness/client/websocket/session.hpp"

#include <fmt/format.h>

#include <utility>

namespace client::websocket {

std::string_view to_string(end_kind kind) noexcept {
  switch (kind) {
    case end_kind::closed_by_us:
      return "closed by us";
    case end_kind::closed_by_peer:
      return "closed by the peer";
    case end_kind::eof:
      return "ended without a close frame";
    case end_kind::error:
      return "connection error";
    case end_kind::refused:
      return "handshake refused";
    case end_kind::protocol:
      return "protocol broken by the peer";
    case end_kind::timeout:
      return "timeout";
    case end_kind::aborted:
      return "aborted by us";
  }
  return "unknown";
}

std::string end::summary() const {
  std::string out(to_string(kind));
  if (kind == end_kind::refused && status != 0) out += fmt::format(" with {}", status);
  if (code != 0) out += fmt::format(" with {}", code);
  if (!reason.empty()) out += " '" + reason + "'";
  if (!detail.empty()) out += ": " + detail;
  return out;
}

socket::socket(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers)
    : session_(std::make_shared<session>(io, where, std::move(options), std::move(handlers))) {
  session_->connect();
}

socket::~socket() {
  if (session_) session_->abandon();
}

socket::socket(socket&&) noexcept = default;

socket& socket::operator=(socket&& other) noexcept {
  if (this != &other) {
    if (session_) session_->abandon();
    session_ = std::move(other.session_);
  }
  return *this;
}

time_point socket::started() const noexcept {
  return session_->started();
}
bool socket::is_open() const noexcept {
  return session_->is_open();
}
void socket::send_text(std::string_view text) {
  session_->send_text(text);
}
void socket::send_bytes(std::string bytes) {
  session_->send_bytes(std::move(bytes));
}
void socket::close(std::uint16_t code, std::string_view reason) {
  session_->close(code, reason);
}
void socket::abort() {
  session_->abort();
}
void socket::pause_reading() {
  session_->pause_reading();
}
void socket::resume_reading() {
  session_->resume_reading();
}

}  // namespace client::websocket

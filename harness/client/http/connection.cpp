#include "harness/client/http/connection.hpp"

#include "harness/client/http/session.hpp"

#include <utility>

namespace client::http {

connection::connection(asio::io_context& io, const url& origin) : session_(std::make_shared<session>(io, origin)) {}

connection::~connection() {
  if (session_) session_->abandon();
}

connection::connection(connection&&) noexcept = default;

connection& connection::operator=(connection&& other) noexcept {
  if (this != &other) {
    if (session_) session_->abandon();
    session_ = std::move(other.session_);
  }
  return *this;
}

bool connection::idle() const noexcept {
  return session_->idle();
}
bool connection::warm() const noexcept {
  return session_->warm();
}

void connection::send(request request, time_point started, time_point deadline, exchange_handler handler) {
  const bool head = request.method == "HEAD";
  session_->start(session_->encode(request), head, started, deadline, std::move(handler));
}

void connection::send_raw(std::string bytes, bool head, time_point started, time_point deadline,
                          exchange_handler handler) {
  session_->start(std::move(bytes), head, started, deadline, std::move(handler));
}

void connection::close() {
  session_->cancel();
}

}  // namespace client::http

#include "reference-server/http/exchange.hpp"

#include "reference-server/http/connection.hpp"

#include <utility>

namespace http {

exchange::exchange(std::shared_ptr<connection> owner) : owner_(std::move(owner)) {}

exchange& exchange::operator=(exchange&& other) noexcept {
  if (this != &other) {
    if (owner_ != nullptr) {
      owner_->close();
    }
    owner_ = std::move(other.owner_);
  }
  return *this;
}

exchange::~exchange() {
  if (owner_ != nullptr) {
    owner_->close();
  }
}

const http::request& exchange::request() const {
  return owner_->request();
}

void exchange::watch_end(std::function<void()> gone) {
  owner_->watch_end(std::move(gone));
}

void exchange::answer(response&& answer) {
  std::exchange(owner_, nullptr)->answer(std::move(answer));
}

taken_connection exchange::take() {
  return std::exchange(owner_, nullptr)->take();
}

}  // namespace http

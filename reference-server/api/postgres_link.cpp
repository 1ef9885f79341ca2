#include "reference-server/api/postgres_link.hpp"

#include "reference-server/api/postgres_session.hpp"

#include <algorithm>
#include <utility>

namespace api {
namespace {

constexpr std::chrono::milliseconds first_wait{100};
constexpr std::chrono::milliseconds longest_wait{1000};

}  // namespace

postgres_link::postgres_link(boost::asio::io_context& io, postgres_settings settings, postgres_listener& owner)
    : io_(io), settings_(std::move(settings)), owner_(owner), retry_timer_(io.get_executor()), wait_(first_wait) {}

postgres_link::~postgres_link() {
  stop();
}

void postgres_link::start() {
  connect();
}

void postgres_link::stop() {
  stopped_ = true;
  up_ = false;
  retry_timer_.cancel();
  if (current_ != nullptr) {
    std::exchange(current_, nullptr)->abandon();
  }
}

std::size_t postgres_link::unanswered() const {
  return up_ ? current_->unanswered() : 0;
}

void postgres_link::add(const statement& one) {
  current_->add(one);
}

void postgres_link::close(std::uint64_t token) {
  current_->close(token);
}

void postgres_link::connect() {
  session_owner& self = *this;
  current_ = std::make_shared<postgres_session>(io_, settings_, self);
  const auto opened = current_;  // outlives a loss inside open()
  opened->open();
}

void postgres_link::session_up() {
  up_ = true;
  wait_ = first_wait;
  last_error_.clear();
  owner_.on_up();
}

bool postgres_link::session_result(std::uint64_t token, result& answered) {
  return owner_.on_result(token, answered);
}

void postgres_link::session_group(std::uint64_t token, group_result answer) {
  owner_.on_group(token, std::move(answer));
}

void postgres_link::session_lost(std::string_view why) {
  last_error_ = why;
  current_.reset();
  if (std::exchange(up_, false)) {
    owner_.on_down(last_error_);
  }
  if (stopped_) {
    return;
  }
  retry_timer_.expires_after(wait_);
  wait_ = std::min(longest_wait, wait_ + wait_ / 2);
  retry_timer_.async_wait([this](const boost::system::error_code& failed) {
    if (!failed && !stopped_) {
      connect();
    }
  });
}

void postgres_link::session_unusable(std::string_view why) {
  stopped_ = true;
  up_ = false;
  current_.reset();
  owner_.on_unusable(why);
}

}  // namespace api

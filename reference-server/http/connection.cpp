#include "reference-server/http/connection.hpp"

#include <sys/socket.h>

#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <utility>

namespace http {
namespace {

// A client that pipelines without reading its answers is not served beyond this many bytes of them.
constexpr std::size_t most_pending = 256 * 1024;

// Bytes that are read only to be thrown away all land here.
std::array<char, 16 * 1024> discarded;

}  // namespace

connection::connection(tcp_socket socket, std::shared_ptr<connection_home> home)
    : socket_(std::move(socket)), home_(std::move(home)), parser_(home_->bounds) {}

void connection::start() {
  read();
}

void connection::stop() {
  last_ = true;
  if (!serving_ && writing_.empty() && !lingering_) {
    close();
  }
}

void connection::close() {
  if (closed_) {
    return;
  }
  closed_ = true;
  home_->wheel.disarm(*this);
  boost::system::error_code ignored;
  socket_.close(ignored);
  home_->forget(*this);
}

void connection::expired() {
  watched_ = waiting_for::nothing;
  if (lingering_ || !writing_.empty() || serving_ || !parser_.begun()) {
    close();
  } else {
    parser_.parse(received_.view());  // its views follow the buffer, which a read under way may have moved
    refuse(408, parser_.head_complete() ? "the body did not arrive in time" : "the head did not arrive in time");
    flush();
  }
}

// Serves what has been read, then writes the answers, then reads on.
void connection::proceed() {
  proceeding_ = true;
  while (serve_next()) {
  }
  proceeding_ = false;
  if (!closed_) {
    flush();
  }
}

// True when another request may be looked at.
bool connection::serve_next() {
  if (closed_ || serving_ || last_ || pending_.size() + writing_.size() > most_pending) {
    return false;
  }
  switch (parser_.parse(received_.view())) {
    case request_parser::outcome::refused:
      refuse(parser_.status(), parser_.detail());
      return false;
    case request_parser::outcome::need_more:
      if (parser_.take_expectation()) {
        pending_ += "HTTP/1.1 100 Continue\r\n\r\n";
      }
      read();
      return false;
    case request_parser::outcome::complete:
      if (parser_.request().find("Upgrade") != nullptr && !(pending_.empty() && writing_.empty())) {
        return false;  // may be taken over: what came before has to be out first
      }
      serve();
      return true;
  }
  return false;
}

void connection::serve() {
  serving_ = true;
  watch(waiting_for::nothing);
  last_ = !parser_.request().keep_alive || home_->stopping;
  served_at_ = std::chrono::steady_clock::now();
  home_->service.serve(exchange(shared_from_this()));
}

void connection::watch_end(std::function<void()> gone) {
  gone_ = std::move(gone);
  if (watching_end_) {
    return;
  }
  watching_end_ = true;
  socket_.async_wait(tcp_socket::wait_read, [self = shared_from_this()](const boost::system::error_code& failed) {
    self->watching_end_ = false;
    if (!failed) {
      self->look_for_end();
    }
  });
}

void connection::look_for_end() {
  if (closed_ || !gone_) {
    return;
  }
  char byte = 0;
  const auto there = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (there == 0 || (there < 0 && errno != EAGAIN && errno != EINTR)) {
    std::exchange(gone_, nullptr)();
  }
}

void connection::answer(response&& answer) {
  serving_ = false;
  gone_ = nullptr;
  if (closed_) {
    return;
  }
  home_->service.answering(parser_.request(), answer, std::chrono::steady_clock::now() - served_at_);
  last_ = last_ || answer.close || home_->stopping;
  append_response(pending_, answer, home_->date, parser_.request().method == method::head, !last_);
  received_.consume(parser_.consumed());
  parser_.reset();
  if (!proceeding_) {
    proceed();
  }
}

void connection::refuse(unsigned status, std::string_view detail) {
  last_ = true;
  response answer = problem(status, detail);
  home_->service.answering(parser_.request(), answer, {});
  append_response(pending_, answer, home_->date, parser_.request().method == method::head, false);
}

taken_connection connection::take() {
  serving_ = false;
  gone_ = nullptr;
  received_.consume(parser_.consumed());
  taken_connection taken{std::move(socket_), std::string(received_.view())};
  closed_ = true;
  home_->forget(*this);
  return taken;
}

void connection::read() {
  if (!closed_) {
    watch_input();
  }
  if (reading_ || closed_) {
    return;
  }
  reading_ = true;
  auto on_read = [self = shared_from_this()](const boost::system::error_code& failed, std::size_t size) {
    self->on_read(failed, size);
  };
  if (lingering_) {
    socket_.async_read_some(boost::asio::buffer(discarded), std::move(on_read));
  } else {
    socket_.async_read_some(received_.prepare(), std::move(on_read));
  }
}

void connection::on_read(const boost::system::error_code& failed, std::size_t size) {
  reading_ = false;
  if (closed_) {
    return;
  }
  if (failed == boost::asio::error::eof && (serving_ || !writing_.empty() || !pending_.empty())) {
    last_ = true;  // nothing more is asked; what was asked is still owed
    return;
  }
  if (failed) {
    close();
    return;
  }
  if (lingering_) {
    lingered_ += size;
    lingered_ > home_->bounds.linger_bytes ? close() : read();
    return;
  }
  received_.commit(size);
  proceed();
}

void connection::watch_input() {
  watch(lingering_                ? waiting_for::end
        : parser_.head_complete() ? waiting_for::body
        : parser_.begun()         ? waiting_for::head
                                  : waiting_for::request);
}

// Sets the deadline of what is waited for now; staying in the same state keeps the deadline it has.
void connection::watch(waiting_for what) {
  if (what == watched_) {
    return;
  }
  watched_ = what;
  const limits& bounds = home_->bounds;
  switch (what) {
    case waiting_for::nothing:
      home_->wheel.disarm(*this);
      break;
    case waiting_for::request:
      home_->wheel.arm(*this, bounds.idle_time);
      break;
    case waiting_for::head:
      home_->wheel.arm(*this, bounds.head_time);
      break;
    case waiting_for::body:
      home_->wheel.arm(*this, bounds.body_time);
      break;
    case waiting_for::write:
      home_->wheel.arm(*this, bounds.write_time);
      break;
    case waiting_for::end:
      home_->wheel.arm(*this, bounds.linger_time);
      break;
  }
}

void connection::flush() {
  if (!writing_.empty()) {
    return;
  }
  if (pending_.empty()) {
    if (last_ && !serving_) {
      linger();
    }
    return;
  }
  writing_.swap(pending_);
  if (!serving_) {
    watch(waiting_for::write);
  }
  auto on_written = [self = shared_from_this()](const boost::system::error_code& failed, std::size_t) {
    self->on_written(failed);
  };
  boost::asio::async_write(socket_, boost::asio::buffer(writing_), std::move(on_written));
}

void connection::on_written(const boost::system::error_code& failed) {
  writing_.clear();
  if (closed_) {
    return;
  }
  if (failed) {
    close();
  } else if (!pending_.empty() || last_) {
    flush();
  } else if (reading_) {
    watch_input();
  } else {
    proceed();
  }
}

// Closing with unread bytes of the client would send a reset, which can eat the answer on its way.
void connection::linger() {
  lingering_ = true;
  boost::system::error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
  read();
}

}  // namespace http

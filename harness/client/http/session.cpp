#include "harness/client/http/session.hpp"

#include "harness/client/http/encode.hpp"
#include "harness/client/read_buffer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace client::http {

using boost::system::error_code;

std::string connection::session::encode(const request& request) const {
  return encode_request(request, origin_);
}

void connection::session::start(std::string bytes, bool head, time_point started, time_point deadline,
                                exchange_handler handler) {
  const std::uint64_t number = ++exchange_number_;
  handler_ = std::move(handler);
  out_ = std::move(bytes);
  parser_.emplace(head);
  exchange_ = {};
  exchange_.started = started;

  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this(), number](const error_code& error) {
    if (!error && number == self->exchange_number_ && self->handler_) self->on_deadline();
  });
  if (connected_ && wire_.spoken_to()) disconnect();
  if (connected_) {
    exchange_.reused = used_;
    write();
  } else {
    connect();
  }
}

void connection::session::connect() {
  const std::uint64_t number = ++socket_number_;
  wire_.connect(origin_, [self = shared_from_this(), number](transport::trouble kind, std::string detail) {
    if (number != self->socket_number_) return;
    switch (kind) {
      case transport::trouble::none:
        return self->connected();
      case transport::trouble::resolve:
        return self->fail(failure::resolve, std::move(detail));
      case transport::trouble::connect:
        return self->fail(failure::connect, std::move(detail));
    }
  });
}

void connection::session::connected() {
  connected_ = true;
  used_ = false;
  watch();
  write();
}

void connection::session::write() {
  writing_ = true;
  const auto done = [self = shared_from_this(), number = socket_number_](const error_code& error, std::size_t) {
    if (number != self->socket_number_) return;
    self->writing_ = false;
    // The peer may have answered before it stopped listening: its answer counts, not our error.
    if (error && self->handler_) {
      self->drain();
      if (number == self->socket_number_ && self->handler_) self->on_end(error);
    }
  };
  exchange_.first_byte_sent = clock::now();
  wire_.write(out_, done);
}

void connection::session::watch() {
  wire_.wait_read([self = shared_from_this(), number = socket_number_](const error_code& error) {
    if (error || number != self->socket_number_) return;
    if (self->idle()) {
      // Closed, or speaks without being asked.
      if (self->wire_.spoken_to_when_readable()) return self->disconnect();
    } else {
      self->drain();
    }
    if (number == self->socket_number_ && self->connected_) self->watch();
  });
}

void connection::session::drain() {
  const std::uint64_t number = exchange_number_;
  auto& buffer = read_buffer();
  while (connected_ && handler_ && number == exchange_number_) {
    error_code error;
    const std::size_t size = wire_.read_some(buffer.data(), buffer.size(), error);
    const time_point now = clock::now();
    if (error == asio::error::would_block || error == asio::error::try_again) return;
    if (error) return on_end(error);
    switch (parser_->feed({buffer.data(), size})) {
      case answer_parser::state::need_more:
        break;
      case answer_parser::state::done:
        return finish(now);
      case answer_parser::state::failed:
        return fail(parser_->failure(), parser_->detail());
    }
  }
}

void connection::session::on_end(const error_code& error) {
  if (error == asio::error::eof) {
    if (parser_->end_of_stream() == answer_parser::state::done) return finish(clock::now());
    return fail(parser_->failure(), parser_->detail());
  }
  fail(parser_->started() ? failure::truncated : failure::reset, error.message());
}

void connection::session::on_deadline() {
  const std::uint64_t number = exchange_number_;
  if (connected_) drain();
  if (number != exchange_number_ || !handler_) return;
  const std::chrono::duration<double> waited = clock::now() - exchange_.started;
  const std::string_view phase = !connected_          ? "no connection"
                                 : writing_           ? "the request could not be written"
                                 : parser_->started() ? "the answer was not complete"
                                                      : "no answer";
  fail(failure::timeout, std::string(phase) + " in " + std::to_string(waited.count()).substr(0, 5) + " s");
}

void connection::session::fail(failure failure, std::string detail) {
  exchange_.failure = failure;
  exchange_.detail = std::move(detail);
  finish(clock::now());
}

void connection::session::finish(time_point now) {
  exchange_.completed = now;
  parser_->take(exchange_);
  witness_.tell(out_, exchange_);
  const bool keep = exchange_.answered() && connected_ && !writing_ && parser_->reusable();
  used_ = true;
  parser_.reset();
  timer_.cancel();
  if (!keep) disconnect();
  // All state is in order before the handler runs: it may send the next request or destroy the connection.
  const auto self = shared_from_this();
  const exchange_handler handler = std::exchange(handler_, nullptr);
  handler(std::move(exchange_));
}

void connection::session::disconnect() {
  ++socket_number_;
  connected_ = false;
  writing_ = false;
  wire_.close();
}

void connection::session::cancel() {
  disconnect();
  if (!handler_) return;
  asio::post(io_, [self = shared_from_this(), number = exchange_number_] {
    if (number == self->exchange_number_ && self->handler_) self->fail(failure::cancelled, "");
  });
}

void connection::session::abandon() {
  ++exchange_number_;
  handler_ = nullptr;
  timer_.cancel();
  disconnect();
}

}  // namespace client::http

#include "harness/client/websocket/session.hpp"

#include "harness/client/http/witness.hpp"
#include "harness/client/read_buffer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <random>
#include <utility>

namespace client::websocket {

using boost::system::error_code;

namespace {

constexpr std::size_t most_queued = 64U << 10U;  // pongs beyond it are left out: the peer does not read
constexpr int reads_per_turn = 16;               // then other sockets have their turn
constexpr int reads_at_deadline = 1024;          // 64 MiB: what the kernel can hold, not what a flood can send

// Masks keep proxies from being fed chosen bytes; here they need only differ.
mask_key make_mask() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  const auto high = static_cast<std::uint32_t>(generator());
  const auto low = static_cast<std::uint32_t>(generator());
  return {static_cast<std::uint8_t>(high >> 8U), static_cast<std::uint8_t>(high >> 16U),
          static_cast<std::uint8_t>(low >> 8U), static_cast<std::uint8_t>(low >> 16U)};
}

}  // namespace

socket::session::session(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers)
    : io_(io),
      where_(where),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      wire_(io),
      timer_(io),
      started_(clock::now()),
      parser_(peer::server, options_.max_message) {}

void socket::session::connect() {
  arm(options_.patience);
  wire_.connect(where_, [self = shared_from_this()](transport::trouble kind, std::string detail) {
    if (self->phase_ != phase::connecting) return;
    if (kind != transport::trouble::none) return self->finish(end_kind::error, clock::now(), std::move(detail));
    self->shake_hands();
  });
}

void socket::session::shake_hands() {
  phase_ = phase::shaking;
  key_ = make_key();
  queue(encode_handshake(where_, key_, options_.handshake));
  watch();
}

void socket::session::tell_witness(std::string_view body) const {
  const http::witness& witness = http::witness::of(io_);
  if (!witness.listening()) return;
  http::exchange came;
  came.started = came.completed = started_;
  came.status = end_.status;
  came.headers = end_.headers;
  came.body = body;
  if (end_.status == 0) came.failure = http::failure::garbage;
  witness.tell(encode_handshake(where_, key_, options_.handshake), came);
}

void socket::session::watch() {
  if (watching_ || paused_ || phase_ == phase::ended) return;
  watching_ = true;
  wire_.wait_read([self = shared_from_this()](const error_code& error) {
    self->watching_ = false;
    if (error || self->phase_ == phase::ended || self->paused_) return;
    self->drain(reads_per_turn);
    self->watch();
  });
}

bool socket::session::drain(int most) {
  auto& buffer = read_buffer();
  for (int reads = 0; reads < most; ++reads) {
    if (phase_ == phase::connecting || phase_ == phase::ended || paused_) return true;
    error_code error;
    const std::size_t size = wire_.read_some(buffer.data(), buffer.size(), error);
    const time_point now = clock::now();
    if (error == asio::error::would_block || error == asio::error::try_again) return true;
    if (error) {
      on_stream_end(error);
      return true;
    }
    on_bytes({buffer.data(), size}, now);
  }
  return false;
}

void socket::session::on_bytes(std::string_view bytes, time_point now) {
  if (phase_ == phase::shaking) return on_answer(bytes, now);
  if (phase_ == phase::open || phase_ == phase::closing) on_frames(bytes, now);
}

void socket::session::on_answer(std::string_view bytes, time_point now) {
  head_ += bytes;
  handshake_answer answer = judge_handshake(head_, key_, options_.handshake);
  if (answer.verdict == handshake_verdict::incomplete) return;
  end_.status = answer.status;
  end_.headers = std::move(answer.headers);
  tell_witness(std::string_view(head_).substr(std::min(answer.head_size, head_.size())));
  switch (answer.verdict) {
    case handshake_verdict::refused:
      return finish(end_kind::refused, now, "");
    case handshake_verdict::broken:
      return finish(end_kind::protocol, now, answer.detail);
    default:
      break;
  }
  timer_.cancel();
  phase_ = phase::open;
  const std::string rest = head_.substr(answer.head_size);
  head_ = std::string();
  if (handlers_.on_open) handlers_.on_open(now);
  if (!rest.empty()) on_bytes(rest, now);
}

void socket::session::on_frames(std::string_view bytes, time_point now) {
  frame got;
  while (phase_ == phase::open || phase_ == phase::closing) {
    switch (parser_.next(bytes, got)) {
      case frame_parser::step::need_more:
        return;
      case frame_parser::step::frame:
        on_frame(got, now);
        break;
      case frame_parser::step::failed:
        end_.code = close_code(parser_.error());
        end_.detail = to_string(parser_.error());
        if (phase_ == phase::open) queue(encode_close(end_.code, {}, make_mask()));
        return leave(end_kind::protocol, now);
    }
  }
}

void socket::session::on_frame(const frame& got, time_point now) {
  if (!is_control(got.op)) {
    if (const auto whole = assembler_.add(got); whole && handlers_.on_message) {
      handlers_.on_message(whole->op, whole->payload, now);
    }
    return;
  }
  if (handlers_.on_control) handlers_.on_control(got.op, got.payload, now);
  if (got.op == opcode::close) return on_peer_close(got.payload, now);
  const bool room = out_.size() < most_queued;
  if (got.op == opcode::ping && options_.answer_pings && phase_ == phase::open && room) {
    queue(encode_frame(opcode::pong, got.payload, make_mask()));
  }
}

void socket::session::on_peer_close(std::string_view payload, time_point now) {
  const close_payload close = decode_close(payload);
  end_.code = close.code;
  end_.reason = std::string(close.reason);
  if (phase_ == phase::closing) {
    end_.clean = true;
    return finish(end_kind::closed_by_us, end_.at, "", true);
  }
  if (phase_ != phase::open) return;  // on_control has aborted it
  queue(encode_close(close.code, {}, make_mask()));
  leave(end_kind::closed_by_peer, now);
}

// The end is decided; it is told when the last frame has been written or cannot be.
void socket::session::leave(end_kind kind, time_point at) {
  if (phase_ == phase::ended) return;
  const bool was_closing = phase_ == phase::closing;
  end_.kind = kind;
  if (!was_closing) end_.at = at;
  phase_ = phase::leaving;
  arm(std::chrono::seconds(1));
  flush();
}

void socket::session::on_stream_end(const error_code& error) {
  const bool eof = error == asio::error::eof;
  switch (phase_) {
    case phase::lingering:
      return disconnect();
    case phase::leaving:
      return finish(end_.kind, end_.at, end_.detail);
    case phase::closing:
      return finish(end_kind::closed_by_us, end_.at, eof ? "the peer left without a close frame" : error.message());
    case phase::shaking:
      return finish(eof ? end_kind::eof : end_kind::error, clock::now(), "in the handshake: " + error.message());
    default: {
      std::string detail =
          eof ? std::string(parser_.inside_frame() ? "in the middle of a frame" : "") : error.message();
      return finish(eof ? end_kind::eof : end_kind::error, clock::now(), std::move(detail));
    }
  }
}

void socket::session::arm(std::chrono::milliseconds patience) {
  timer_.expires_after(patience);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    // A wait whose timer was set anew may have been on its way already.
    if (!error && self->timer_.expiry() <= clock::now()) self->on_deadline();
  });
}

void socket::session::on_deadline() {
  drain(reads_at_deadline);
  switch (phase_) {
    case phase::connecting:
      return finish(end_kind::timeout, clock::now(), "no connection");
    case phase::shaking:
      return finish(end_kind::timeout, clock::now(), "the handshake was not answered");
    case phase::closing:
      return finish(end_kind::closed_by_us, end_.at, "the close was not answered");
    case phase::leaving:
      return finish(end_.kind, end_.at, end_.detail);
    case phase::lingering:
      return disconnect();
    case phase::open:
    case phase::ended:
      return;
  }
}

void socket::session::queue(std::string bytes) {
  out_ += bytes;
  flush();
}

void socket::session::flush() {
  if (!in_flight_.empty() || phase_ == phase::ended) return;
  if (out_.empty()) {
    if (phase_ != phase::leaving) return;
    end_.clean = end_.kind == end_kind::closed_by_peer;
    // From the loop: flush() may run inside a handler's call or a member function.
    asio::post(io_, [self = shared_from_this()] {
      if (self->phase_ == phase::leaving) self->finish(self->end_.kind, self->end_.at, self->end_.detail, true);
    });
    return;
  }
  in_flight_.swap(out_);
  wire_.write(in_flight_, [self = shared_from_this()](const error_code& error, std::size_t) {
    self->in_flight_ = std::string();
    if (self->phase_ == phase::ended) return;
    if (!error) return self->flush();
    self->drain(reads_at_deadline);  // a close frame may have come before the error
    if (self->phase_ != phase::ended && self->phase_ != phase::lingering) self->on_stream_end(error);
  });
}

void socket::session::send_text(std::string_view text) {
  if (is_open()) queue(encode_frame(opcode::text, text, make_mask()));
}

void socket::session::send_bytes(std::string bytes) {
  if (is_open()) queue(std::move(bytes));
}

void socket::session::close(std::uint16_t code, std::string_view reason) {
  if (!is_open()) return;
  end_.at = clock::now();
  phase_ = phase::closing;
  arm(options_.patience);
  queue(encode_close(code, reason, make_mask()));
  resume_reading();
}

void socket::session::abort() {
  if (phase_ == phase::ended || phase_ == phase::lingering) return;
  if (phase_ != phase::closing && phase_ != phase::leaving) end_.at = clock::now();
  end_.kind = end_kind::aborted;
  wire_.reset();
  disconnect();
  asio::post(io_, [self = shared_from_this()] {
    self->end_.finished = clock::now();
    self->tell_end();
  });
}

void socket::session::abandon() {
  abandoned_ = true;
  disconnect();
}

void socket::session::pause_reading() {
  paused_ = true;
}

void socket::session::resume_reading() {
  paused_ = false;
  if (phase_ != phase::connecting) watch();
}

void socket::session::finish(end_kind kind, time_point at, std::string detail, bool linger) {
  if (phase_ == phase::ended || phase_ == phase::lingering) return;
  end_.kind = kind;
  end_.at = at;
  end_.detail = std::move(detail);
  end_.finished = clock::now();
  if (linger) {
    phase_ = phase::lingering;
    arm(std::chrono::seconds(1));
  } else {
    disconnect();
  }
  tell_end();
}

void socket::session::tell_end() {
  if (!abandoned_ && handlers_.on_end) handlers_.on_end(end_);
}

void socket::session::disconnect() {
  phase_ = phase::ended;
  timer_.cancel();
  wire_.close();
}

}  // namespace client::websocket

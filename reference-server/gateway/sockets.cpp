#include "reference-server/gateway/sockets.hpp"

#include "reference-server/gateway/wall_clock.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>

namespace gateway {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {
constexpr std::chrono::milliseconds tick_length{100};
constexpr int most_ticks_late = 5;
constexpr std::size_t read_buffer = 64 * 1024;
}  // namespace

sockets::sockets(asio::io_context& context, const socket_limits& limits, sockets_owner& owner)
    : context_(context),
      limits_(limits),
      owner_(owner),
      buffer_(read_buffer, '\0'),
      timer_(context.get_executor()),
      next_tick_(std::chrono::steady_clock::now() + tick_length) {
  wait_tick();
}

sockets::~sockets() = default;

sockets::slot* sockets::find(socket_id id) {
  if (id.life == 0 || id.place >= slots_.size()) return nullptr;
  slot& s = slots_[id.place];
  return s.life == id.life && s.state != phase::free ? &s : nullptr;
}

socket_id sockets::open(http::tcp_socket stream, token::time_point expires_at, std::string_view answer,
                        std::uint32_t session) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back(context_);
  }
  const auto place = free_.back();
  free_.pop_back();
  slot& s = slots_[place];
  s.stream = std::move(stream);
  error_code ignored;
  s.stream.non_blocking(true, ignored);
  s.stream.set_option(asio::ip::tcp::no_delay(true), ignored);
  s.stream.set_option(asio::socket_base::send_buffer_size(limits_.send_buffer), ignored);
  s.expires_at = expires_at;
  s.life = s.life == 0x7fffffff ? 1 : s.life + 1;
  s.session = session;
  s.pinged = wheel_.now();
  s.state = phase::open;
  s.greeted = s.dirty = s.write_blocked = s.ping_waits = s.peer_closed = s.discarding = false;
  ++count_;
  push(place, frame::raw(answer));
  mark_dirty(place);
  schedule(place);
  return {place, s.life};
}

void sockets::close(socket_id id, close_code code) {
  if (find(id) != nullptr) begin_close(id.place, code, code);
}

void sockets::close_all(close_code code) {
  each_open([&](socket_id id) { begin_close(id.place, code, code); });
}

void sockets::abandon(socket_id id) {
  if (find(id) != nullptr) drop(id.place, true);
}

void sockets::expire_at(socket_id id, token::time_point expires_at) {
  slot* const s = find(id);
  if (s == nullptr || s->state != phase::open) return;
  s->expires_at = expires_at;
  schedule(id.place);
}

void sockets::leave(std::uint32_t place, close_code why) {
  const slot& s = slots_[place];
  if (s.session != no_session) {
    carrier_->on_session_leaving({place, s.life}, s.session, why);
  } else {
    owner_.on_leaving({place, s.life}, why);
  }
}

void sockets::begin_close(std::uint32_t place, close_code announced, close_code on_the_wire) {
  slot& s = slots_[place];
  if (s.state != phase::open) return;
  s.state = phase::closing;
  frame last;
  if (s.session != no_session) last = carrier_->last_words({place, s.life}, s.session, announced);
  leave(place, announced);
  if (s.due && s.greeted) s.due->drop_unstarted();  // a frame in the middle ends first; the 101 has to go out at all
  if (last) push(place, std::move(last));
  push(place, frame::close(on_the_wire));
  wheel_.set(place, wheel_.now() + limits_.close_within);
  if (!s.write_blocked) mark_dirty(place);
}

void sockets::drop(std::uint32_t place, bool reset) {
  slot& s = slots_[place];
  if (s.state == phase::free) return;
  if (s.state == phase::open) {
    s.state = phase::closing;
    leave(place, close_code::none);
  }
  error_code ignored;
  if (reset) s.stream.set_option(asio::socket_base::linger(true, 0), ignored);
  s.stream.close(ignored);
  s.state = phase::free;
  s.dirty = false;
  s.due.reset();
  s.parser.reset();
  wheel_.clear(place);
  free_.push_back(place);
  if (--count_ == 0) owner_.on_empty();
}

bool sockets::expired(const slot& s) {
  return wall_now() >= s.expires_at;
}

void sockets::wait_tick() {
  if (clock_stopped_) return;
  timer_.expires_at(next_tick_);
  timer_.async_wait([this](const error_code& error) {
    if (error) return;
    on_tick();
    wait_tick();
  });
}

void sockets::on_tick() {
  const auto now = std::chrono::steady_clock::now();
  // Ticks count the time that this process ran: after a pause of ours nobody is blamed for not having answered in it.
  const bool paused = now > next_tick_ + most_ticks_late * tick_length;
  if (paused) next_tick_ = now;
  next_tick_ += tick_length;  // one tick a turn: between two of them what has arrived is read
  wheel_.turn([this](std::uint32_t place) { look(place); });
  if (paused) close_expired();  // tokens go by the wall clock
  owner_.on_tick(paused);
}

void sockets::close_expired() {
  each_open([this](socket_id id) {
    if (expired(slots_[id.place])) begin_close(id.place, close_code::token_expired, close_code::token_expired);
  });
}

void sockets::look(std::uint32_t place) {
  slot& s = slots_[place];
  if (s.state == phase::free) return;
  if (s.state != phase::open) return drop(place, s.state == phase::closing);
  if (expired(s)) return begin_close(place, close_code::token_expired, close_code::token_expired);
  const auto life = s.life;
  const auto now = wheel_.now();
  const auto is_gone = [&] { return s.state != phase::open || s.life != life; };
  if (s.due && now - s.due->oldest() >= limits_.queued_age) {
    flush(place);
    if (is_gone()) return;
    if (s.due && now - s.due->oldest() >= limits_.queued_age) return close({place, life}, close_code::try_again_later);
  }
  if (s.ping_waits && now - s.pinged >= limits_.ping_timeout) {
    // The pong may have arrived and not been read yet.
    if (!read(place) || is_gone()) return;
    if (s.ping_waits) return drop(place, true);
  }
  if (s.session == no_session && !s.ping_waits && now - s.pinged >= limits_.ping_interval) {
    s.pinged = now;
    s.ping_waits = true;
    send({place, life}, frame::ping());
    if (is_gone()) return;
  }
  schedule(place);
}

void sockets::schedule(std::uint32_t place) {
  const slot& s = slots_[place];
  constexpr tick look_at_least_every = 600;  // the wall clock may be set
  tick due = wheel_.now() + look_at_least_every;
  if (s.session == no_session) {
    due = std::min(due, s.pinged + (s.ping_waits ? limits_.ping_timeout : limits_.ping_interval));
  }
  const auto left = s.expires_at - wall_now();
  if (left < look_at_least_every * tick_length) {
    due = std::min(due, wheel_.now() + static_cast<tick>(std::max<std::int64_t>(left / tick_length, 0)) + 1);
  }
  if (s.due && s.write_blocked) due = std::min(due, s.due->oldest() + limits_.queued_age);
  wheel_.set(place, due);
}

}  // namespace gateway

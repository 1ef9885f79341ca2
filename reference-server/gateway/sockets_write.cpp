// The writing half of the sockets: what is due is collected in a turn of the loop and goes out at its end, one
// gathering call for each socket.
#include "reference-server/gateway/sockets.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include <array>
#include <cerrno>

namespace gateway {
using boost::system::error_code;

namespace {
constexpr std::size_t most_pieces = 64;
constexpr std::size_t most_spare = 1024;
}  // namespace

void sockets::send(socket_id id, const frame& due) {
  slot* const s = find(id);
  if (s == nullptr || s->state != phase::open) return;
  push(id.place, due);
  const auto over = [&] {
    return s->due->bytes() >= limits_.queued_bytes || s->due->frames() >= limits_.queued_frames;
  };
  if (over()) {
    // A burst within one turn makes nobody slow: the kernel is asked first.
    if (!s->write_blocked) flush(id.place);
    if (find(id) != nullptr && s->due && over()) close(id, close_code::try_again_later);
  } else if (!s->write_blocked) {
    mark_dirty(id.place);
  }
}

void sockets::push(std::uint32_t place, frame due) {
  slot& s = slots_[place];
  if (!s.due) {
    if (spare_.empty()) {
      s.due = std::make_unique<backlog>();
    } else {
      s.due = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  s.due->push(std::move(due), wheel_.now());
}

void sockets::mark_dirty(std::uint32_t place) {
  slot& s = slots_[place];
  if (s.dirty) return;
  s.dirty = true;
  dirty_.push_back(place);
  if (dirty_.size() == 1) boost::asio::post(context_, [this] { flush_dirty(); });
}

void sockets::flush_dirty() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) {  // closing a socket may add to the list
    if (slots_[dirty_[i]].dirty) flush(dirty_[i]);
  }
  dirty_.clear();
}

void sockets::flush(std::uint32_t place) {
  slot& s = slots_[place];
  s.dirty = false;
  if (!s.due) return;
  if (s.state == phase::open && expired(s)) {
    begin_close(place, close_code::token_expired, close_code::token_expired);
    s.dirty = false;
  }
  std::array<iovec, most_pieces> pieces;
  while (!s.due->empty()) {
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = s.due->gather(pieces);
    const auto sent = ::sendmsg(s.stream.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      s.due->written(static_cast<std::size_t>(sent));
      s.greeted = s.greeted || s.due->wrote_one();
    } else if (errno == EAGAIN) {
      return wait_writable(place);
    } else if (errno != EINTR) {
      return drop(place, false);
    }
  }
  all_written(place);
}

void sockets::all_written(std::uint32_t place) {
  slot& s = slots_[place];
  s.due->reset();
  if (spare_.size() < most_spare) spare_.push_back(std::move(s.due));
  s.due.reset();
  if (s.state != phase::closing) return;
  if (s.peer_closed) return drop(place, false);
  s.state = phase::close_sent;
  if (s.discarding) {  // it broke the protocol: no answer of its is awaited, only its end
    error_code ignored;
    s.stream.shutdown(http::tcp_socket::shutdown_send, ignored);
  }
  wheel_.set(place, wheel_.now() + limits_.close_within);
}

void sockets::wait_writable(std::uint32_t place) {
  slot& s = slots_[place];
  if (s.write_blocked) return;
  s.write_blocked = true;
  if (s.state == phase::open) schedule(place);
  const auto life = s.life;
  s.stream.async_wait(http::tcp_socket::wait_write, [this, place, life](const error_code& error) {
    slot* const blocked = find({place, life});
    if (error || blocked == nullptr) return;
    blocked->write_blocked = false;
    flush(place);
  });
}

}  // namespace gateway

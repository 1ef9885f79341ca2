// The reading half of the sockets: readiness, the shared buffer, and what becomes of a client's frames.
#include "reference-server/gateway/sockets.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace gateway {
using boost::system::error_code;

void sockets::start(socket_id id, std::string read_ahead) {
  if (find(id) == nullptr) return;
  if (!read_ahead.empty()) take(id.place, read_ahead);
  if (find(id) != nullptr) wait_readable(id.place);
}

void sockets::wait_readable(std::uint32_t place) {
  const auto life = slots_[place].life;
  slots_[place].stream.async_wait(http::tcp_socket::wait_read, [this, place, life](const error_code& error) {
    if (error || find({place, life}) == nullptr) return;
    if (read(place) && find({place, life}) != nullptr) wait_readable(place);
  });
}

// Reads once what has arrived. False when the socket has gone by that.
bool sockets::read(std::uint32_t place) {
  slot& s = slots_[place];
  const auto life = s.life;
  const auto got = ::recv(s.stream.native_handle(), buffer_.data(), buffer_.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) {
    drop(place, false);
    return false;
  }
  take(place, {buffer_.data(), static_cast<std::size_t>(got)});
  return find({place, life}) != nullptr;
}

void sockets::take(std::uint32_t place, std::span<char> bytes) {
  slot& s = slots_[place];
  if (s.discarding) return;
  frame_parser fresh(limits_.message);
  frame_parser& parser = s.parser ? *s.parser : fresh;
  for (;;) {
    const auto event = parser.next(bytes);
    if (event.what == frame_parser::kind::more) break;
    if (!handle(place, event)) return;
  }
  if (parser.idle()) {
    s.parser.reset();
  } else if (!s.parser) {
    s.parser = std::make_unique<frame_parser>(std::move(fresh));
  }
}

void sockets::read_arrived(socket_id id) {
  if (find(id) != nullptr) read(id.place);
}

// False when the socket has gone by that.
bool sockets::hand_over(std::uint32_t place, const frame_parser::event& event) {
  slot& s = slots_[place];
  if (s.state == phase::open) carrier_->on_message({place, s.life}, s.session, event.binary, event.payload);
  return s.state != phase::free;
}

// False when nothing more of what the client sends is of interest.
bool sockets::handle(std::uint32_t place, const frame_parser::event& event) {
  slot& s = slots_[place];
  switch (event.what) {
    case frame_parser::kind::more:
      return true;
    case frame_parser::kind::message:  // a plain socket only receives: read, checked, and ignored
      return s.session == no_session || hand_over(place, event);
    case frame_parser::kind::ping:
      send({place, s.life}, frame::pong(event.payload));
      return s.state != phase::free;
    case frame_parser::kind::pong:
      if (s.ping_waits && s.state == phase::open) {
        s.ping_waits = false;
        schedule(place);  // the next ping may be due before this one's deadline
      }
      return true;
    case frame_parser::kind::close:
      s.discarding = true;
      s.peer_closed = true;
      if (s.state == phase::close_sent) {
        drop(place, false);
      } else {
        begin_close(place, event.code, event.code);
      }
      return false;
    case frame_parser::kind::failed:
      s.discarding = true;
      begin_close(place, event.code, event.code);
      return false;
  }
  return false;
}

}  // namespace gateway

#include "reference-server/test/hostile/storm.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace hostile {
using namespace std::chrono_literals;

storm::~storm() {
  for (const connection& one : open_) {
    if (one.socket >= 0) ::close(one.socket);
  }
}

void storm::begin(connection& one, item what) const {
  one = {};
  one.sent = std::move(what);
  one.since = clock::now();
  one.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(one.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("the server takes no connection: " + std::string(std::strerror(errno)));
  }
  ::fcntl(one.socket, F_SETFL, O_NONBLOCK);
}

// False when the connection is over.
bool storm::step(connection& one, short events, const std::function<void(const outcome&)>& judge) const {
  const auto now = clock::now();
  const auto over = [&](bool reset, bool late) {
    if (reset) {
      const linger at_once{1, 0};
      ::setsockopt(one.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ::close(std::exchange(one.socket, -1));
    judge({one.sent, std::move(one.answered), reset, late});
    return false;
  };
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
    char bytes[16384];
    const auto got = ::recv(one.socket, bytes, sizeof bytes, 0);
    if (got == 0) return over(false, false);
    if (got < 0 && errno != EAGAIN && errno != EINTR) return over(true, false);
    if (got > 0) one.answered.append(bytes, static_cast<std::size_t>(got));
  }
  if (one.written < one.sent.bytes.size()) {
    const auto put =
        ::send(one.socket, one.sent.bytes.data() + one.written, one.sent.bytes.size() - one.written, MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN && errno != EINTR) {
      one.written = one.sent.bytes.size();  // the server has heard enough; what it said is still to be read
      one.half_closed = true;
    } else if (put > 0) {
      one.written += static_cast<std::size_t>(put);
    }
    if (one.written == one.sent.bytes.size()) one.half_close_at = now + one.sent.silence;
  }
  if (one.written == one.sent.bytes.size() && !one.half_closed && now >= one.half_close_at) {
    if (one.sent.reset) return over(true, false);
    ::shutdown(one.socket, SHUT_WR);
    one.half_closed = true;
  }
  return now - one.since < 15s || over(true, true);
}

void storm::run(std::size_t count, const std::function<item()>& make,
                const std::function<void(const outcome&)>& judge) {
  std::vector<pollfd> waits(open_.size());
  std::size_t begun = 0;
  std::size_t running = 0;
  do {
    for (std::size_t i = 0; i < open_.size(); ++i) {
      connection& one = open_[i];
      if (one.socket < 0 && begun < count) {
        begin(one, make());
        ++begun;
        ++running;
        if (!step(one, 0, judge)) --running;
      }
      const bool writing = one.written < one.sent.bytes.size();
      waits[i] = {one.socket, static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0};
    }
    ::poll(waits.data(), waits.size(), 1);
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (open_[i].socket >= 0 && !step(open_[i], waits[i].revents, judge)) --running;
    }
  } while (running > 0 || begun < count);
}

}  // namespace hostile

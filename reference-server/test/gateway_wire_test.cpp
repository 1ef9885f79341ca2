// The wire between the gateway and Redis: see gateway_fixture_test.hpp.
#include "reference-server/test/gateway_fixture_test.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace gateway_test {
namespace {

int unix_socket(const std::string& path, bool listening) {
  const int s = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const auto* const a = reinterpret_cast<const sockaddr*>(&address);
  if ((listening ? ::bind(s, a, sizeof address) : ::connect(s, a, sizeof address)) != 0 ||
      (listening && ::listen(s, 16) != 0)) {
    ::close(s);
    return -1;
  }
  return s;
}
}  // namespace

// The two ends of one connection and what is on its way.
struct wire::pair {
  int gateway = -1, redis = -1;
  std::string commands, answers;  // read and not yet written on
};

wire::wire(const temporary_directory& directory, const private_redis& redis)
    : socket_(directory.path("wire.sock")), redis_(redis.socket()), listener_(unix_socket(socket_, true)) {
  if (listener_ < 0) throw std::runtime_error("no socket for the wire");
  thread_ = std::thread([this] { run(); });
}

wire::~wire() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

void wire::cut() {
  cut_ = true;
  if (!eventually([this] { return !cut_; })) throw std::runtime_error("the wire does not end");
}

void wire::run() {
  std::vector<pair> pairs;
  const auto end = [](pair& p) {
    ::close(p.gateway);
    ::close(p.redis);
    p.gateway = -1;
  };
  // False: the connection has ended.
  const auto move = [](int from, int to, std::string& held, bool hold) {
    char bytes[16384];
    const auto got = ::recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return false;
    if (got > 0) held.append(bytes, static_cast<std::size_t>(got));
    if (hold || held.empty()) return true;
    const auto sent = ::send(to, held.data(), held.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) held.erase(0, static_cast<std::size_t>(sent));
    return sent > 0 || errno == EAGAIN;
  };
  while (!ending_) {
    std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
    for (const auto& p : pairs) {
      waiting.push_back({p.gateway, POLLIN, 0});
      waiting.push_back({p.redis, POLLIN, 0});
    }
    ::poll(waiting.data(), waiting.size(), 2);
    if (cut_) {
      for (auto& p : pairs) end(p);
      pairs.clear();
      cut_ = false;
    }
    if ((waiting[0].revents & POLLIN) != 0) {
      pair p;
      p.gateway = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      p.redis = unix_socket(redis_, false);
      pairs.push_back(p);
      if (p.redis < 0) end(pairs.back());
    }
    for (auto& p : pairs) {
      if (p.gateway >= 0 && (!move(p.gateway, p.redis, p.commands, hold_commands_) ||
                             !move(p.redis, p.gateway, p.answers, hold_answers_))) {
        end(p);
      }
    }
    std::erase_if(pairs, [](const pair& p) { return p.gateway < 0; });
  }
  for (auto& p : pairs) end(p);
}

}  // namespace gateway_test

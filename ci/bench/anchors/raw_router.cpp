// An anchor of the benchmarks: the least that a router can do between Redis and WebSockets. Epoll, blocking sends, one
// send() for each message read from Redis, no queue, no time-outs, no checks: what nobody should run, as a measure of
// what a router could cost. The user is the query: GET /ws?user=NAME. Prints its port.
#include "ci/bench/anchors/websocket_handshake.hpp"

#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

void watch(int epoll, int fd) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.fd = fd;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted);
}

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench-raw-router REDIS_SOCKET\n", stderr);
    return 2;
  }
  redisContext* redis = redisConnectUnix(argv[1]);
  if (redis == nullptr || redis->err != 0) fail("redis");

  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 4096) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("listen");
  }
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);

  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listener);
  watch(epoll, redis->fd);
  std::unordered_map<std::string, int> users;
  std::array<epoll_event, 256> ready;
  std::array<char, 65536> bytes;
  for (;;) {
    const int n = ::epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < n; ++i) {
      const int fd = ready.at(static_cast<std::size_t>(i)).data.fd;
      if (fd == listener) {
        const int one = 1, peer = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (peer < 0) fail("accept");
        ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(epoll, peer);
      } else if (fd == redis->fd) {
        if (redisBufferRead(redis) != REDIS_OK) return 0;
        for (void* got = nullptr; redisGetReplyFromReader(redis, &got) == REDIS_OK && got != nullptr;) {
          const auto* reply = static_cast<redisReply*>(got);
          const std::string_view kind(reply->element[0]->str, reply->element[0]->len);
          if (kind == "message") {
            const std::string channel(reply->element[1]->str, reply->element[1]->len);
            const std::string frame =
                bench::text_frame(std::string(R"({"event":"message","data":)")
                                      .append(reply->element[2]->str + 1, reply->element[2]->len - 1) +
                                  "}");
            const auto found = users.find(channel);
            if (found != users.end() && ::send(found->second, frame.data(), frame.size(), MSG_NOSIGNAL) < 0)
              fail("send");
          } else {  // subscribed
            const std::string frame = bench::text_frame(R"({"event":"ready"})");
            ::send(users.at({reply->element[1]->str, reply->element[1]->len}), frame.data(), frame.size(),
                   MSG_NOSIGNAL);
          }
          freeReplyObject(got);
          got = nullptr;
        }
      } else {
        const auto got = ::recv(fd, bytes.data(), bytes.size(), 0);
        if (got <= 0) {
          ::close(fd);
          continue;
        }
        const std::string_view head(bytes.data(), static_cast<std::size_t>(got));
        const auto user = head.find("user=");
        if (!head.starts_with("GET ") || user == std::string_view::npos) continue;  // a frame of the client: ignored
        const std::string channel =
            "chat:user:" + std::string(head.substr(user + 5, head.find_first_of(" &", user) - user - 5));
        users[channel] = fd;
        const std::string answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
            bench::accept_of(bench::field_of(head, "Sec-WebSocket-Key")) + "\r\n\r\n";
        ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
        redisAppendCommand(redis, "SUBSCRIBE %s", channel.c_str());
        for (int done = 0; done == 0;) {
          if (redisBufferWrite(redis, &done) != REDIS_OK) fail("redis");
        }
      }
    }
  }
}

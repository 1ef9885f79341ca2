// The receiving side of the fan-out benchmarks: opens as many WebSockets as the file has lines, reads what comes, and
// says how many message frames that were. Costs little, so that two cores are enough for a router and for this.
//
//   bench-receivers PORT FILE plain|socketio
//
// FILE: for each socket the request's target, a tab, and the token. Prints `ready COUNT` when each socket has had its
// `ready`. For a line `until TOTAL` on stdin it prints `received TOTAL` as soon as so many message frames have come in
// all. Ends with stdin. Anything else that happens to a socket is an error (exit code 1).
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "bench-receivers: " << what << '\n';
  std::exit(1);
}

struct receiver {
  int fd = -1;
  std::string token;
  std::string pending;  // what is half read
  bool upgraded = false;
  bool ready = false;
};

// A client's text frame with a mask of zeros.
std::string text_frame(std::string_view payload) {
  std::string out = "\x81";
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 255);
  }
  return out.append(4, '\0').append(payload);
}

class crowd {
 public:
  crowd(std::uint16_t port, bool socketio) : socketio_(socketio), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    watch(STDIN_FILENO, 0);
  }

  void open(const std::string& target, const std::string& token) {
    receiver one;
    one.token = token;
    one.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (one.fd < 0 || ::connect(one.fd, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0) {
      fail("cannot connect");
    }
    std::string request = "GET " + target +
                          " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    if (!socketio_) request += "Authorization: Bearer " + token + "\r\n";
    write(one, request + "\r\n");
    all_.push_back(std::move(one));
    watch(all_.back().fd, all_.size());
  }

  // Until this many are ready; bounds how many handshakes are under way.
  void until_ready(std::size_t count) {
    while (ready_ < count) turn();
  }

  void run() {
    while (!ended_) turn();
  }

 private:
  void watch(int fd, std::uint64_t place) const {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = place;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &wanted) != 0) fail("epoll_ctl");
  }

  static void write(const receiver& to, std::string_view bytes) {
    if (::send(to.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      fail("short send");
  }

  void turn() {
    std::array<epoll_event, 512> ready;
    const int n = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 20'000);
    if (n == 0 && ready_ < all_.size()) fail("20 s of silence, " + std::to_string(ready_) + " ready");
    for (int i = 0; i < n; ++i) {
      const auto place = ready.at(static_cast<std::size_t>(i)).data.u64;
      place == 0 ? read_command() : read(all_[place - 1]);
    }
    if (wanted_ != 0 && messages_ >= wanted_) {
      std::cout << "received " << messages_ << std::endl;
      wanted_ = 0;
    }
  }

  void read_command() {
    std::array<char, 256> bytes;
    const auto got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got <= 0) {
      ended_ = true;
      return;
    }
    const std::string line(bytes.data(), static_cast<std::size_t>(got));
    if (!line.starts_with("until ")) fail("unknown command: " + line);
    wanted_ = std::strtoull(line.c_str() + 6, nullptr, 10);
  }

  void read(receiver& from) {
    const auto got = ::recv(from.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0) return;
    if (got == 0) fail("a socket was closed by the server");
    std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
    if (!from.pending.empty()) {
      from.pending.append(bytes);
      bytes = from.pending;
    }
    const std::size_t used = take(from, bytes);
    from.pending = std::string(bytes.substr(used));
  }

  std::size_t take(receiver& from, std::string_view bytes) {
    std::size_t used = 0;
    if (!from.upgraded) {
      const auto end = bytes.find("\r\n\r\n");
      if (end == std::string_view::npos) return 0;
      if (!bytes.starts_with("HTTP/1.1 101")) fail("refused: " + std::string(bytes.substr(0, end)));
      from.upgraded = true;
      used = end + 4;
    }
    for (;;) {
      const auto rest = bytes.substr(used);
      if (rest.size() < 2) return used;
      const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(rest[i])); };
      std::size_t head = 2, size = byte(1);
      if (size == 126) {
        if (rest.size() < 4) return used;
        head = 4;
        size = byte(2) << 8 | byte(3);
      } else if (size > 126) {
        fail("a frame over 64 KiB");
      }
      if (rest.size() < head + size) return used;
      on_frame(from, rest[0], rest.substr(head, size));
      used += head + size;
    }
  }

  void on_frame(receiver& from, char first, std::string_view payload) {
    if (first == '\x89') return write(from, std::string("\x8a\x80\0\0\0\0", 6));  // our pings carry nothing
    if (first == '\x8a') return;
    if (first != '\x81') fail("an unexpected frame");
    if (socketio_) {
      if (payload == "2") return write(from, text_frame("3"));
      if (payload.starts_with('0')) return write(from, text_frame("40{\"token\":\"" + from.token + "\"}"));
      if (payload.starts_with("44")) fail("CONNECT was refused: " + std::string(payload));
      if (!payload.starts_with("42")) return;
    }
    if (std::exchange(from.ready, true)) {
      ++messages_;
    } else {
      ++ready_;
    }
  }

  bool socketio_;
  int epoll_;
  sockaddr_in address_{};
  std::vector<receiver> all_;
  std::array<char, 65536> buffer_;
  std::size_t ready_ = 0;
  std::uint64_t messages_ = 0, wanted_ = 0;
  bool ended_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bench-receivers PORT FILE plain|socketio\n";
    return 2;
  }
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  crowd everybody(static_cast<std::uint16_t>(std::atoi(argv[1])), std::string_view(argv[3]) == "socketio");
  std::ifstream lines(argv[2]);
  std::size_t opened = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto tab = line.find('\t');
    everybody.open(line.substr(0, tab), line.substr(tab + 1));
    if (++opened > 100) everybody.until_ready(opened - 100);
  }
  everybody.until_ready(opened);
  std::cout << "ready " << opened << std::endl;
  everybody.run();
}

#include "harness/stack/stream_address.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace stack {
namespace {
constexpr std::string_view loopback = "127.0.0.1:";

descriptor new_socket(const stream_address& where) {
  descriptor made(::socket(where.value.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  if (!where.unix_socket()) ::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return made;
}

}  // namespace

start_result<stream_address> parse_stream_address(const std::string& text) {
  stream_address made;
  if (text.starts_with(loopback)) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data() + loopback.size(), end, port);
    if (problem != std::errc{} || stop != end) return start_error{failure::usage, text + ": no such port"};
    auto& tcp = reinterpret_cast<sockaddr_in&>(made.value);
    tcp.sin_family = AF_INET;
    tcp.sin_port = htons(port);
    tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    made.length = sizeof tcp;
    return made;
  }
  auto& local = reinterpret_cast<sockaddr_un&>(made.value);
  if (!text.starts_with("/") || text.size() >= sizeof local.sun_path) {
    return start_error{failure::usage, text + ": neither 127.0.0.1:PORT nor the path of a unix socket"};
  }
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, text.data(), text.size());
  made.length = sizeof local;
  return made;
}

start_result<descriptor> listen_at(const stream_address& where) {
  descriptor made = new_socket(where);
  if (!made.open()) return system_failure("socket", errno);
  const int yes = 1;
  ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(made.get(), where.get(), where.length) != 0) return system_failure("bind", errno);
  if (::listen(made.get(), 1024) != 0) return system_failure("listen", errno);
  ::fcntl(made.get(), F_SETFL, O_NONBLOCK);
  return made;
}

std::string text_of_local(const descriptor& socket) {
  sockaddr_storage value{};
  socklen_t length = sizeof value;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&value), &length);
  if (value.ss_family == AF_UNIX) return reinterpret_cast<const sockaddr_un&>(value).sun_path;
  return std::string(loopback) + std::to_string(ntohs(reinterpret_cast<const sockaddr_in&>(value).sin_port));
}

descriptor connect_to(const stream_address& where) {
  descriptor made = new_socket(where);
  const timeval patience{1, 0};
  ::setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);  // connect() goes by it
  if (::connect(made.get(), where.get(), where.length) != 0) return {};
  ::fcntl(made.get(), F_SETFL, O_NONBLOCK);
  return made;
}

}  // namespace stack

#include "harness/stack/http_probe.hpp"

#include "harness/stack/descriptor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <string_view>

namespace stack {

bool says_ready(const std::string& address, const std::string& path) {
  descriptor link(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  there.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
  const timeval patience{0, 100'000};
  ::setsockopt(link.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(link.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) return false;
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: stack\r\nConnection: close\r\n\r\n";
  std::array<char, 64> answer{};
  return ::send(link.get(), request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()) &&
         ::recv(link.get(), answer.data(), answer.size() - 1, 0) > 0 &&
         std::string_view(answer.data()).starts_with("HTTP/1.1 200");
}

}  // namespace stack

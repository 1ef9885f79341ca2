// Stands in for rollcall-api and rollcall-gateway in the stack's own tests: takes their flags, listens, reports ready,
// ends on SIGTERM. --fail ends it with a complaint before it is ready, --mute never reports, --unready N
// answers the first N requests on the admin port with 503.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

// "127.0.0.1:PORT" -> a listening socket and the address it really has.
std::string listen_on(const std::string& wanted, int& listener) {
  listener = ::socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(wanted.substr(wanted.find(':') + 1))));
  socklen_t length = sizeof address;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), length) != 0 || ::listen(listener, 16) != 0) {
    std::perror("listen");
    std::exit(1);
  }
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

}  // namespace

int main(int count, char** arguments) {
  std::string listening, admin;
  int ready_fd = -1, listener = -1, admin_listener = -1;
  bool mute = false;
  int unready = 0;
  for (int at = 1; at < count; ++at) {
    const std::string flag = arguments[at];
    const std::string value = at + 1 < count ? arguments[at + 1] : "";
    if (flag == "--listen") listening = listen_on(value, listener);
    if (flag == "--admin-listen") admin = listen_on(value, admin_listener);
    if (flag == "--ready-fd") ready_fd = std::stoi(value);
    if (flag == "--mute") mute = true;
    if (flag == "--unready") unready = std::stoi(value);
    if (flag == "--fail") {
      std::fputs("standin: cannot go on: the moon is full\n", stderr);
      return 3;
    }
  }
  const char* secret = std::getenv("ROLLCALL_SECRET");
  std::fprintf(stderr, "standin: secret of %zu bytes\n", secret ? std::string(secret).size() : 0);
  for (int at = 1; at < count; ++at) std::fprintf(stderr, "standin: argument %s\n", arguments[at]);
  if (!mute) {
    const std::string line = "{\"listen\":\"" + listening + "\",\"admin\":\"" + admin + "\"}\n";
    if (::write(ready_fd, line.data(), line.size()) < 0) return 4;
    ::close(ready_fd);
  }
  constexpr std::string_view ready = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  constexpr std::string_view waiting = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
  for (;;) {
    const int link = admin_listener < 0 ? ::pause() : ::accept(admin_listener, nullptr, nullptr);
    if (link < 0) continue;
    char request[512];
    const std::string_view answer = unready > 0 ? waiting : ready;
    std::fprintf(stderr, unready-- > 0 ? "standin: not ready yet\n" : "standin: ready\n");
    if (::read(link, request, sizeof request) > 0 && ::send(link, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
      std::perror("send");
    }
    ::close(link);
  }
}

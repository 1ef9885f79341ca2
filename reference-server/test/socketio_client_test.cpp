// The raw Engine.IO client: see socketio_client_test.hpp.
#include "reference-server/test/socketio_client_test.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace gateway_test {

namespace {
std::string request(const std::string& method, const std::string& target, const std::string& body,
                    const std::string& headers) {
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers;
  if (method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}
}  // namespace

http_call::http_call(std::uint16_t port, const std::string& method, const std::string& target, const std::string& body,
                     const std::string& headers)
    : http_call(port, request(method, target, body, headers)) {}

http_call::http_call(std::uint16_t port, std::string_view text) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  while (!text.empty()) {
    const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;  // refused before all of it was taken: the answer tells
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

http_call::~http_call() {
  break_off();
}

void http_call::break_off() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool http_call::answered() {
  pollfd readable{socket_, POLLIN, 0};
  return ::poll(&readable, 1, 0) > 0;
}

http_answer http_call::answer() {
  for (;;) {
    pollfd readable{socket_, POLLIN, 0};
    if (::poll(&readable, 1, 10'000) <= 0) throw std::runtime_error("no answer in ten seconds: " + received_);
    char bytes[16384];
    const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) break;
    received_.append(bytes, static_cast<std::size_t>(got));
  }
  const auto end = received_.find("\r\n\r\n");
  if (!received_.starts_with("HTTP/1.1 ") || end == received_.npos) throw std::runtime_error("no answer: " + received_);
  return {std::atoi(received_.c_str() + 9), received_.substr(0, end + 2), received_.substr(end + 4)};
}

std::string engine_client::target(const std::string& transport, const std::string& sid) const {
  return path_ + "?EIO=4&transport=" + transport + (sid.empty() ? "" : "&sid=" + sid);
}

http_answer engine_client::ask(const std::string& method, const std::string& query, const std::string& body) const {
  return http_call(port_, method, path_ + query, body).answer();
}

std::string engine_client::open() const {
  return member(http_call(port_, "GET", target("polling")).answer().body, "sid");
}

http_answer engine_client::poll(const std::string& sid) const {
  return held_poll(sid)->answer();
}

std::unique_ptr<http_call> engine_client::held_poll(const std::string& sid) const {
  return std::make_unique<http_call>(port_, "GET", target("polling", sid));
}

http_answer engine_client::post(const std::string& sid, const std::string& body, const std::string& headers) const {
  return http_call(port_, "POST", target("polling", sid), body, headers).answer();
}

int engine_client::handshake_status(const std::string& query) const {
  return client(port_, path_ + query, upgrade).status();
}

engine_socket::engine_socket(const engine_client& server, const std::string& sid)
    : wire_(server.port(), server.target("websocket", sid), upgrade) {
  if (wire_.status() != 101) throw std::runtime_error("no 101: " + wire_.head());
  if (sid.empty()) opening_ = wire_.next().payload;
}

frame engine_socket::next() {
  for (;;) {
    auto one = wire_.next();
    if (one.opcode == 8) throw std::runtime_error("closed with " + std::to_string(one.close_code()));
    if (!answer_pings_ || one.opcode != 1 || one.payload != "2") return one;
    send("3");
  }
}

int engine_socket::close_code() {
  for (;;) {
    frame one;
    try {
      one = wire_.next();
    } catch (const std::runtime_error& over) {
      if (std::string_view(over.what()).find("ended") != std::string_view::npos) return 1006;
      throw;
    }
    if (one.opcode == 8) return one.close_code();
    if (answer_pings_ && one.opcode == 1 && one.payload == "2") send("3");
  }
}

std::string member(const std::string& json, const std::string& name) {
  const auto at = json.find("\"" + name + "\":");
  if (at == json.npos) return {};
  auto begin = at + name.size() + 3;
  if (json[begin] == '"') return json.substr(begin + 1, json.find('"', begin + 1) - begin - 1);
  int depth = 0;
  auto end = begin;
  for (; end < json.size(); ++end) {
    if (json[end] == '[' || json[end] == '{') ++depth;
    if (depth == 0 && (json[end] == ',' || json[end] == '}')) break;
    if (json[end] == ']' || json[end] == '}') --depth;
  }
  return json.substr(begin, end - begin);
}

}  // namespace gateway_test

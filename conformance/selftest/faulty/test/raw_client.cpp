#include "conformance/selftest/faulty/test/raw_client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace faulty::test {
namespace {

constexpr int patience_ms = 10'000;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(tolower(c)); });
  return text;
}

}  // namespace

Connection::Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error(fmt::format("connect: {}", std::strerror(errno)));
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  socklen_t size = sizeof address;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
  address_ = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      address_(std::move(other.address_)),
      buffer_(std::move(other.buffer_)) {}

Connection::~Connection() {
  if (socket_ >= 0) ::close(socket_);
}

void Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) throw std::runtime_error(fmt::format("send: {}", std::strerror(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Connection::fill() {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, patience_ms) != 1) throw std::runtime_error("nothing came in 10 s");
  char bytes[65536];
  const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::string Connection::read(std::size_t size) {
  while (buffer_.size() < size)
    if (!fill()) throw std::runtime_error("the connection ended");
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return bytes;
}

std::string Connection::read_to(std::string_view end) {
  std::size_t at;
  while ((at = buffer_.find(end)) == buffer_.npos)
    if (!fill()) throw std::runtime_error("the connection ended");
  return read(at + end.size());
}

bool Connection::ends() {
  while (buffer_.empty())
    if (!fill()) return true;
  return false;
}

void Connection::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

Response read_response(Connection& connection, bool head) {
  Response response;
  const std::string text = connection.read_to("\r\n\r\n");
  response.status = std::stoi(text.substr(text.find(' ')));
  for (auto at = text.find("\r\n") + 2; at + 2 < text.size(); at = text.find("\r\n", at) + 2) {
    const auto colon = text.find(": ", at);
    response.headers[lower(text.substr(at, colon - at))] = text.substr(colon + 2, text.find("\r\n", at) - colon - 2);
  }
  if (const auto length = response.headers.find("content-length"); !head && length != response.headers.end())
    response.body = connection.read(std::stoul(length->second));
  return response;
}

int Frame::close_code() const {
  if (opcode != 8 || payload.size() < 2) return 0;
  return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
}

WebSocketClient::WebSocketClient(std::uint16_t port, const std::string& token, const std::string& query,
                                 const std::string& headers)
    : connection_(port) {
  connection_.send(fmt::format(
      "GET /ws{} HTTP/1.1\r\nHost: faulty\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}{}\r\n",
      query, token.empty() ? "" : "Authorization: Bearer " + token + "\r\n", headers));
  answer_ = read_response(connection_);
}

Frame WebSocketClient::next() {
  const std::string head = connection_.read(2);
  auto size = static_cast<std::size_t>(static_cast<unsigned char>(head[1]));
  if (size > 127) throw std::runtime_error("a masked frame from a server");
  if (size > 125) {
    const std::string digits = connection_.read(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : digits) size = size << 8 | static_cast<unsigned char>(c);
  }
  if ((static_cast<unsigned char>(head[0]) & 0xf0) != 0x80)
    throw std::runtime_error("a fragmented frame or reserved bits");
  return {head[0] & 0x0f, connection_.read(size)};
}

std::string WebSocketClient::text() {
  const Frame frame = next();
  if (frame.opcode != 1)
    throw std::runtime_error(
        fmt::format("expected a text frame, got opcode {} (close code {})", frame.opcode, frame.close_code()));
  return frame.payload;
}

void WebSocketClient::send(int opcode, std::string_view payload) {
  std::string bytes(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    bytes += static_cast<char>(0x80 | 126);
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size() & 0xff);
  }
  bytes += std::string(4, '\0');  // a mask of zeros leaves the payload readable
  connection_.send(bytes.append(payload));
}

std::vector<std::string> WebSocketClient::texts_so_far() {
  send(9, "so far");
  std::vector<std::string> texts;
  for (;;) {
    Frame frame = next();
    if (frame.opcode == 10) return texts;
    if (frame.opcode == 8) throw std::runtime_error(fmt::format("closed with {}", frame.close_code()));
    if (frame.opcode == 1) texts.push_back(std::move(frame.payload));
  }
}

}  // namespace faulty::test

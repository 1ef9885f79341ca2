// The raw WebSocket client: see gateway_fixture_test.hpp.
#include "reference-server/test/gateway_fixture_test.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace gateway_test {
using namespace std::chrono_literals;

namespace {
constexpr auto patience = 10s;
}

std::uint16_t frame::close_code() const {
  if (opcode != 8 || payload.size() < 2) return 0;
  return static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                    static_cast<unsigned char>(payload[1]));
}

client::client(std::uint16_t port, const std::string& target, const std::string& headers, int receive_buffer) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the gateway");
  }
  send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
  auto end = buffer_.npos;
  while ((end = buffer_.find("\r\n\r\n")) == buffer_.npos) {
    if (!fill(patience)) throw std::runtime_error("no answer to " + target + ": " + buffer_);
  }
  head_ = buffer_.substr(0, end + 4);
  buffer_.erase(0, end + 4);
  if (head_.starts_with("HTTP/1.1 ")) status_ = std::atoi(head_.c_str() + 9);
}

client::~client() {
  ::close(socket_);
}

// False at the end of the connection, or when nothing came.
bool client::fill(std::chrono::milliseconds wait) {
  if (ended_) return false;
  pollfd readable{socket_, POLLIN, 0};
  if (::poll(&readable, 1, static_cast<int>(wait.count())) <= 0) return false;
  char bytes[16384];
  const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::optional<frame> client::cut_frame() {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(buffer_[i]); };
  if (buffer_.size() < 2) return std::nullopt;
  if ((byte(0) & 0xf0) != 0x80 || (byte(1) & 0x80) != 0) throw std::runtime_error("no whole unmasked frame");
  const std::size_t extended = byte(1) == 126 ? 2 : byte(1) == 127 ? 8 : 0;
  if (buffer_.size() < 2 + extended) return std::nullopt;
  std::size_t length = extended == 0 ? byte(1) : 0;
  for (std::size_t i = 0; i < extended; ++i) length = length << 8 | byte(2 + i);
  if (buffer_.size() < 2 + extended + length) return std::nullopt;
  frame cut{byte(0) & 0x0f, buffer_.substr(2 + extended, length)};
  buffer_.erase(0, 2 + extended + length);
  return cut;
}

frame client::next() {
  for (;;) {
    if (auto cut = cut_frame()) return *cut;
    if (!fill(patience)) throw std::runtime_error(ended_ ? "the connection has ended" : "no frame in ten seconds");
  }
}

std::vector<frame> client::rest() {
  std::vector<frame> frames;
  for (;;) {
    while (auto cut = cut_frame()) frames.push_back(std::move(*cut));
    if (!fill(patience)) break;
  }
  if (!ended_) throw std::runtime_error("the connection does not end");
  return frames;
}

bool client::nothing_but_end() {
  while (fill(patience)) {
  }
  return ended_ && buffer_.empty();
}

std::string client::text_to_end() {
  while (fill(patience)) {
  }
  return std::exchange(buffer_, {});
}

bool client::has_more() {
  fill(0ms);
  return !buffer_.empty();
}

void client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the reader learns of the end
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void client::send_frame(int first, std::string_view payload) {
  std::string bytes(1, static_cast<char>(first));
  if (payload.size() < 126) {
    bytes += static_cast<char>(payload.size() | 0x80);
  } else {
    bytes += static_cast<char>(126 | 0x80);
    bytes += static_cast<char>(payload.size() >> 8 & 0xff);
    bytes += static_cast<char>(payload.size() & 0xff);
  }
  send(bytes + std::string(4, '\0') + std::string(payload));
}

void client::close(std::uint16_t code) {
  const char payload[] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  send_frame(0x88, {payload, 2});
  const auto frames = rest();
  if (frames.empty() || frames.back().close_code() != code) throw std::runtime_error("the close was not answered");
}

}  // namespace gateway_test

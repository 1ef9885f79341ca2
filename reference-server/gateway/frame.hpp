// What a socket is sent, as bytes made once and shared by all sockets they are due to: a server frame (RFC 6455, never
// masked) with its head in front. Counted by hand without atomics: frames never leave the loop's thread.
#pragma once

#include "reference-server/gateway/close_code.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace gateway {

// A counted block of bytes; empty by default.
class frame {
 public:
  frame() = default;
  frame(const frame& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) ++block_->owners;
  }
  frame(frame&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  frame& operator=(frame other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~frame() { release(); }

  std::string_view bytes() const;
  explicit operator bool() const { return block_ != nullptr; }

  // Of a text or binary frame.
  std::string_view payload() const;
  bool is_binary() const { return !bytes().empty() && bytes().front() == '\x82'; }

  // A text or binary frame whose payload is these pieces one after the other.
  static frame text(std::initializer_list<std::string_view> payload);
  static frame binary(std::string_view payload);
  // Control frames; at most 125 bytes of payload. close_code::none gives a close frame without a code.
  static frame ping();
  static frame pong(std::string_view payload);
  static frame close(close_code code);
  // Bytes as they are, without a frame around them: the answer to the handshake.
  static frame raw(std::string_view bytes);

 private:
  struct block {
    std::uint32_t owners;
    std::uint32_t size;
  };
  static frame build(std::uint8_t first, std::initializer_list<std::string_view> payload);
  static frame allocate(std::size_t size);
  char* data() { return reinterpret_cast<char*>(block_ + 1); }
  void release();

  block* block_ = nullptr;
};

// The constant text that a transport puts around the Message, which is never parsed.
struct envelope {
  std::string_view before, after;
};
inline constexpr envelope plain_message{R"({"event":"message","data":)", "}"};
inline constexpr envelope socketio_message{R"(42["message",)", "]"};
inline constexpr envelope plain_ready{R"({"event":"ready","data":{"user":")", "\"}}"};  // ids need no escaping
inline constexpr envelope socketio_ready{R"(42["ready",{"user":")", "\"}]"};

}  // namespace gateway

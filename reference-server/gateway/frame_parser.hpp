// Cuts the bytes of one WebSocket client into messages and control frames, strictly after RFC 6455. No I/O.
//
// Made for very many idle sockets: when idle() is true the parser holds nothing, so a socket keeps none and a fresh one
// may go on. Bytes are unmasked in place; a message that came whole is handed over without a copy. What is wrong is
// found as early as its first wrong byte.
#pragma once

#include "reference-server/gateway/close_code.hpp"
#include "reference-server/gateway/utf8.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gateway {

class frame_parser {
 public:
  enum class kind : std::uint8_t {
    more,     // all bytes are used up
    message,  // payload: the whole message, text or binary
    ping,     // payload: at most 125 bytes, to be sent back
    pong,     // payload: at most 125 bytes
    close,    // code: the client's, or none; the client sends nothing after it
    failed,   // code: what to close with; nothing more can be read
  };
  struct event {
    kind what = kind::more;
    bool binary = false;
    close_code code = close_code::none;
    std::string_view payload;  // valid until the next call, and as long as the bytes it was cut from
  };

  // `most`: bytes of the longest message that is taken; a longer one fails with too_big.
  explicit frame_parser(std::size_t most) : most_(most) {}

  // Takes bytes from the front of `bytes`, which it changes, up to the next event.
  event next(std::span<char>& bytes);

  // Between two messages, nothing half read.
  bool idle() const { return have_ == 0 && !fragmented_; }

 private:
  enum opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

  bool read_head(std::span<char>& bytes);
  close_code check_start() const;
  close_code check_length();
  event finish_control(std::string_view payload);
  event fail(close_code code);
  bool control() const { return opcode_ >= close; }

  std::size_t most_;
  std::array<char, 14> head_;
  std::uint8_t have_ = 0;  // bytes in head_; 0 between frames
  std::uint8_t need_ = 2;  // bytes the head has, as far as known
  std::uint8_t opcode_ = 0;
  bool final_ = false;
  bool fragmented_ = false;  // a message has begun and its last frame has not ended
  bool binary_ = false;      // of the message
  bool started_ = false;     // the head is read, the payload is coming
  std::array<char, 4> mask_;
  std::uint64_t length_ = 0;  // of the payload
  std::uint64_t read_ = 0;    // of the payload
  utf8_check utf8_;
  std::string message_;  // what came of a message that did not come whole
  std::string control_;  // the same for a control frame
};

}  // namespace gateway

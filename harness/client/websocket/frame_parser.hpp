// Bytes in, frames out: a strict RFC 6455 parser without I/O. Owned by one socket, any thread. A frame that lies whole
// in the bytes given is handed out as a view of them, without a copy; memory is held only while a frame is incomplete.
//
//   for (std::string_view input = bytes; parser.next(input, frame) == frame_parser::step::frame;) use(frame);
//
// Refused at the first byte that shows it: reserved bits, unknown opcodes, a mask where none belongs (or none where one
// does), control frames that are fragmented or over 125 bytes, a length not in its shortest form or over the limit, a
// continuation without a beginning, a beginning inside a message, text that is not UTF-8, a bad close payload.
#pragma once

#include "harness/client/websocket/frame.hpp"
#include "harness/client/websocket/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace client::websocket {

// Whose frames are read: a server's (never masked) or a client's (always masked).
enum class peer : std::uint8_t { server, client };

enum class frame_error : std::uint8_t {
  none,
  reserved_bits,
  unknown_opcode,
  masked,      // from a server
  not_masked,  // from a client
  control_fragmented,
  control_too_long,
  length_not_minimal,
  too_long,  // a message over the limit
  nothing_to_continue,
  message_unfinished,
  not_utf8,
  bad_close,  // one byte, a code that must not be sent, or a reason that is not UTF-8
};
// A clause for people.
std::string_view to_string(frame_error error) noexcept;
// The close code for it: 1002, 1007 or 1009.
std::uint16_t close_code(frame_error error) noexcept;

class frame_parser {
 public:
  enum class step : std::uint8_t { frame, need_more, failed };

  // `max_message`: bytes of one message over all its fragments.
  explicit frame_parser(peer from = peer::server, std::size_t max_message = 16U << 20U) noexcept
      : max_message_(max_message), from_(from) {}

  // Takes bytes off the front of `input`. frame: `out` is filled, its payload valid until the next call or until the
  // input's memory goes; need_more: all input was taken; failed: see error(), the parser stays failed.
  step next(std::string_view& input, frame& out);

  frame_error error() const noexcept { return error_; }
  // Nothing of an incomplete frame or message is held: here the stream may end without a message being cut in two.
  bool at_boundary() const noexcept { return !inside_frame() && !in_message_; }
  bool inside_frame() const noexcept { return !partial_.empty() && !handed_out_; }

 private:
  struct header;
  // How much of the header is there: need_more, frame (all of it) or failed.
  step read_header(std::string_view bytes, header& out);
  // Checks (and unmasks) the payload bytes of partial_ that came since the last time.
  bool check_partial(const header& head);
  step hand_out(const header& head, std::string_view payload, frame& out);
  step fail(frame_error error) noexcept;

  std::string partial_;      // the beginning of a frame whose rest has not come
  std::size_t checked_ = 0;  // bytes of the partial frame's payload that were checked
  std::size_t message_size_ = 0;
  std::size_t max_message_;
  utf8_validator utf8_;
  peer from_;
  frame_error error_ = frame_error::none;
  bool in_message_ = false;
  bool message_is_text_ = false;
  bool handed_out_ = false;  // partial_ is what the last call handed out
};

}  // namespace client::websocket

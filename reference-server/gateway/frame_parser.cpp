#include "reference-server/gateway/frame_parser.hpp"

#include <algorithm>

namespace gateway {

frame_parser::event frame_parser::next(std::span<char>& bytes) {
  for (;;) {
    if (!started_) {
      if (have_ == 0 && !fragmented_) message_.clear();  // the last event's payload is no longer needed
      if (have_ == 0) control_.clear();
      if (bytes.empty()) return {};
      if (!read_head(bytes)) {
        // The first two bytes are judged before the rest of the head is there.
        if (const auto wrong = have_ >= 2 ? check_start() : close_code::none; wrong != close_code::none) {
          return fail(wrong);
        }
        return {};
      }
      if (const auto wrong = check_start(); wrong != close_code::none) return fail(wrong);
      if (const auto wrong = check_length(); wrong != close_code::none) return fail(wrong);
      started_ = true;
      read_ = 0;
      if (opcode_ == text || opcode_ == binary) {
        binary_ = opcode_ == binary;
        fragmented_ = true;
        utf8_ = {};
      }
    }
    const auto part = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(length_ - read_, bytes.size())));
    bytes = bytes.subspan(part.size());
    for (char& c : part) c = static_cast<char>(c ^ mask_[read_++ & 3]);
    const std::string_view plain(part.data(), part.size());
    const bool ended = read_ == length_;
    if (control()) {
      if (!ended) {
        control_.append(plain);
        return {};
      }
      started_ = false;
      have_ = 0;
      if (control_.empty()) return finish_control(plain);
      control_.append(plain);
      return finish_control(control_);
    }
    if (!binary_ && !utf8_.feed(plain)) return fail(close_code::bad_text);
    if (ended && final_ && message_.empty()) {
      started_ = fragmented_ = false;
      have_ = 0;
      if (!binary_ && !utf8_.complete()) return fail(close_code::bad_text);
      return {kind::message, binary_, close_code::none, plain};
    }
    message_.append(plain);
    if (!ended) return {};
    started_ = false;
    have_ = 0;
    if (!final_) continue;
    fragmented_ = false;
    if (!binary_ && !utf8_.complete()) return fail(close_code::bad_text);
    return {kind::message, binary_, close_code::none, message_};
  }
}

// True when the head is complete.
bool frame_parser::read_head(std::span<char>& bytes) {
  if (have_ == 0) need_ = 2;
  for (;;) {
    while (have_ < need_ && !bytes.empty()) {
      head_[have_++] = bytes.front();
      bytes = bytes.subspan(1);
    }
    if (have_ < need_) return false;
    if (need_ > 2) return true;
    opcode_ = head_[0] & 0x0f;
    final_ = (head_[0] & 0x80) != 0;
    const auto length = head_[1] & 0x7f;
    need_ = static_cast<std::uint8_t>(2 + (length == 127 ? 8 : length == 126 ? 2 : 0) + 4);
    if (check_start() != close_code::none) return false;
  }
}

close_code frame_parser::check_start() const {
  const auto length = head_[1] & 0x7f;
  const bool reserved_bits = (head_[0] & 0x70) != 0;
  const bool reserved_opcode = (opcode_ > binary && opcode_ < close) || opcode_ > pong;
  const bool masked = (head_[1] & 0x80) != 0;
  const bool bad_control = control() && (!final_ || length > 125);
  const bool out_of_turn = !control() && (opcode_ == continuation) != fragmented_;
  return reserved_bits || reserved_opcode || !masked || bad_control || out_of_turn ? close_code::protocol_error
                                                                                   : close_code::none;
}

close_code frame_parser::check_length() {
  const std::size_t extended = need_ - 6u;
  length_ = extended == 0 ? head_[1] & 0x7fu : 0;
  for (std::size_t i = 0; i < extended; ++i) length_ = length_ << 8 | static_cast<std::uint8_t>(head_[2 + i]);
  std::copy_n(head_.begin() + 2 + static_cast<std::ptrdiff_t>(extended), 4, mask_.begin());
  const bool longer_than_needed = (extended == 2 && length_ < 126) || (extended == 8 && length_ < 65536);
  if (longer_than_needed || length_ >> 63 != 0) return close_code::protocol_error;
  const std::size_t before = opcode_ == continuation ? message_.size() : 0;
  if (!control() && length_ > most_ - before) return close_code::too_big;
  return close_code::none;
}

frame_parser::event frame_parser::finish_control(std::string_view payload) {
  if (opcode_ == ping) return {kind::ping, false, close_code::none, payload};
  if (opcode_ == pong) return {kind::pong, false, close_code::none, payload};
  if (payload.empty()) return {kind::close, false, close_code::none, {}};
  if (payload.size() == 1) return fail(close_code::protocol_error);
  const auto code =
      static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]));
  if (!may_be_sent(code)) return fail(close_code::protocol_error);
  utf8_check reason;
  if (!reason.feed(payload.substr(2)) || !reason.complete()) return fail(close_code::bad_text);
  return {kind::close, false, close_code{code}, payload.substr(2)};
}

frame_parser::event frame_parser::fail(close_code code) {
  return {kind::failed, false, code, {}};
}

}  // namespace gateway

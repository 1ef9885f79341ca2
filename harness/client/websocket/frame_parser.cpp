#include "harness/client/websocket/frame_parser.hpp"

#include <algorithm>

namespace client::websocket {

namespace {

bool may_be_sent(std::uint16_t code) {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

}  // namespace

struct frame_parser::header {
  opcode op = opcode::text;
  bool fin = true;
  bool masked = false;
  bool text = false;  // its payload is part of a text message
  std::size_t size = 0;
  std::size_t length = 0;
  mask_key key{};
};

frame_parser::step frame_parser::fail(frame_error error) noexcept {
  error_ = error;
  return step::failed;
}

frame_parser::step frame_parser::read_header(std::string_view bytes, header& out) {
  if (bytes.empty()) return step::need_more;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };

  if ((byte(0) & 0x70U) != 0) return fail(frame_error::reserved_bits);
  const unsigned op = byte(0) & 0x0FU;
  if ((op > 2 && op < 8) || op > 10) return fail(frame_error::unknown_opcode);
  out.op = static_cast<opcode>(op);
  out.fin = (byte(0) & 0x80U) != 0;
  if (is_control(out.op)) {
    if (!out.fin) return fail(frame_error::control_fragmented);
  } else if (out.op == opcode::continuation) {
    if (!in_message_) return fail(frame_error::nothing_to_continue);
  } else if (in_message_) {
    return fail(frame_error::message_unfinished);
  }
  out.text = out.op == opcode::text || (out.op == opcode::continuation && message_is_text_);

  if (bytes.size() < 2) return step::need_more;
  out.masked = (byte(1) & 0x80U) != 0;
  if (out.masked && from_ == peer::server) return fail(frame_error::masked);
  if (!out.masked && from_ == peer::client) return fail(frame_error::not_masked);
  const unsigned short_length = byte(1) & 0x7FU;
  if (is_control(out.op) && short_length > 125) return fail(frame_error::control_too_long);

  const std::size_t extra = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  if (bytes.size() < 2 + extra) return step::need_more;
  std::uint64_t length = extra == 0 ? short_length : 0;
  for (std::size_t i = 0; i < extra; ++i) length = (length << 8U) | byte(2 + i);
  if ((extra == 2 && length < 126) || (extra == 8 && length < 0x10000)) return fail(frame_error::length_not_minimal);
  if (!is_control(out.op) && length > max_message_ - message_size_) return fail(frame_error::too_long);
  out.length = static_cast<std::size_t>(length);

  out.size = 2 + extra + (out.masked ? 4U : 0U);
  if (bytes.size() < out.size) return step::need_more;
  for (std::size_t i = 0; out.masked && i < 4; ++i) out.key[i] = byte(2 + extra + i);
  return step::frame;
}

bool frame_parser::check_partial(const header& head) {
  const std::size_t begin = head.size + checked_;
  const std::size_t size = partial_.size() - begin;
  if (head.masked) apply_mask(partial_.data() + begin, size, head.key, checked_);
  checked_ += size;
  return !head.text || utf8_.feed(std::string_view(partial_).substr(begin));
}

frame_parser::step frame_parser::hand_out(const header& head, std::string_view payload, frame& out) {
  if (head.op == opcode::close) {
    const close_payload close = decode_close(payload);
    if (payload.size() == 1 || (payload.size() >= 2 && (!may_be_sent(close.code) || !is_utf8(close.reason)))) {
      return fail(frame_error::bad_close);
    }
  } else if (!is_control(head.op)) {
    if (head.text && head.fin && !utf8_.complete()) return fail(frame_error::not_utf8);
    in_message_ = !head.fin;
    message_is_text_ = head.text;
    message_size_ = head.fin ? 0 : message_size_ + head.length;
  }
  out = {head.op, head.fin, payload};
  return step::frame;
}

frame_parser::step frame_parser::next(std::string_view& input, frame& out) {
  if (error_ != frame_error::none) return step::failed;
  if (handed_out_) {
    partial_ = std::string();  // gives the memory back
    checked_ = 0;
    handed_out_ = false;
  }
  header head;
  if (partial_.empty()) {
    const step known = read_header(input, head);
    if (known == step::failed) return known;
    if (known == step::frame && !head.masked && input.size() - head.size >= head.length) {
      const std::string_view payload = input.substr(head.size, head.length);
      if (head.text && !utf8_.feed(payload)) return fail(frame_error::not_utf8);
      input.remove_prefix(head.size + head.length);
      return hand_out(head, payload, out);
    }
  }
  const auto take = [&](std::size_t most) {
    const std::size_t size = std::min(most, input.size());
    partial_.append(input.substr(0, size));
    input.remove_prefix(size);
  };
  for (;;) {
    const step known = read_header(partial_, head);
    if (known == step::failed) return known;
    if (known == step::frame) break;
    if (input.empty()) return step::need_more;
    take(1);
  }
  take(head.size + head.length - partial_.size());
  if (!check_partial(head)) return fail(frame_error::not_utf8);
  if (partial_.size() < head.size + head.length) return step::need_more;
  handed_out_ = true;
  return hand_out(head, std::string_view(partial_).substr(head.size), out);
}

std::string_view to_string(frame_error error) noexcept {
  switch (error) {
    case frame_error::none:
      return "no error";
    case frame_error::reserved_bits:
      return "reserved bits are set";
    case frame_error::unknown_opcode:
      return "an opcode that does not exist";
    case frame_error::masked:
      return "a server's frame is masked";
    case frame_error::not_masked:
      return "a client's frame is not masked";
    case frame_error::control_fragmented:
      return "a control frame in fragments";
    case frame_error::control_too_long:
      return "a control frame over 125 bytes";
    case frame_error::length_not_minimal:
      return "a length that is not in its shortest form";
    case frame_error::too_long:
      return "a message over the limit";
    case frame_error::nothing_to_continue:
      return "a continuation without a beginning";
    case frame_error::message_unfinished:
      return "a new message inside an unfinished one";
    case frame_error::not_utf8:
      return "text that is not UTF-8";
    case frame_error::bad_close:
      return "a close frame with a bad payload";
  }
  return "unknown";
}

std::uint16_t close_code(frame_error error) noexcept {
  switch (error) {
    case frame_error::too_long:
      return 1009;
    case frame_error::not_utf8:
      return 1007;
    default:
      return 1002;
  }
}

}  // namespace client::websocket

#include "reference-server/gateway/frame.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace gateway {

namespace {
constexpr std::uint8_t final_text = 0x81, final_binary = 0x82, final_close = 0x88, final_ping = 0x89, final_pong = 0x8a;
}

std::string_view frame::bytes() const {
  return block_ == nullptr ? std::string_view{}
                           : std::string_view(reinterpret_cast<const char*>(block_ + 1), block_->size);
}

std::string_view frame::payload() const {
  const auto all = bytes();
  const auto length = all.size() < 2 ? 0 : static_cast<unsigned char>(all[1]) & 0x7f;
  return all.substr(std::min<std::size_t>(all.size(), length == 127 ? 10 : length == 126 ? 4 : 2));
}

void frame::release() {
  if (block_ != nullptr && --block_->owners == 0) std::free(block_);
}

frame frame::allocate(std::size_t size) {
  void* const memory = std::malloc(sizeof(block) + size);
  if (memory == nullptr) throw std::bad_alloc();
  frame made;
  made.block_ = new (memory) block{1, static_cast<std::uint32_t>(size)};
  return made;
}

frame frame::build(std::uint8_t first, std::initializer_list<std::string_view> payload) {
  std::size_t length = 0;
  for (const auto piece : payload) length += piece.size();
  const std::size_t extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  frame made = allocate(2 + extended + length);
  char* out = made.data();
  *out++ = static_cast<char>(first);
  *out++ = static_cast<char>(extended == 0 ? length : extended == 2 ? 126 : 127);
  for (std::size_t i = extended; i-- > 0;) *out++ = static_cast<char>(length >> (8 * i) & 0xff);
  for (const auto piece : payload) {
    if (!piece.empty()) std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
  }
  return made;
}

frame frame::text(std::initializer_list<std::string_view> payload) {
  return build(final_text, payload);
}

frame frame::binary(std::string_view payload) {
  return build(final_binary, {payload});
}

frame frame::ping() {
  static const frame made = build(final_ping, {});
  return made;
}

frame frame::pong(std::string_view payload) {
  return build(final_pong, {payload});
}

frame frame::close(close_code code) {
  if (code == close_code::none) return build(final_close, {});
  const auto number = static_cast<std::uint16_t>(code);
  const char bytes[] = {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
  return build(final_close, {std::string_view(bytes, 2)});
}

frame frame::raw(std::string_view bytes) {
  frame made = allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(made.data(), bytes.data(), bytes.size());
  return made;
}

}  // namespace gateway

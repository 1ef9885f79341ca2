// The parser against any bytes in any split: it must never read beyond what it was given, and must say the same
// whatever the split. First byte: whose frames, and how the rest is cut.
#include "harness/client/websocket/frame_parser.hpp"
#include "harness/client/websocket/message_assembler.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace client::websocket;

struct outcome {
  std::string frames;
  frame_error error = frame_error::none;
  bool at_boundary = true;
  bool operator==(const outcome&) const = default;
};

outcome parse(std::string_view bytes, std::size_t piece, peer from) {
  frame_parser parser(from, 4096);
  message_assembler assembler;
  outcome out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    // A copy of its own, so that a read beyond it is seen.
    const std::string_view part = bytes.substr(at, piece);
    const std::vector<char> chunk(part.begin(), part.end());
    std::string_view input(chunk.data(), chunk.size());
    frame got;
    frame_parser::step step{};
    while ((step = parser.next(input, got)) == frame_parser::step::frame) {
      out.frames += encode_frame(got.op, got.payload, std::nullopt, got.fin);
      if (!is_control(got.op)) {
        const auto whole = assembler.add(got);
        if (whole && whole->op == opcode::text && !is_utf8(whole->payload)) std::abort();
        if (whole && whole->payload.size() > 4096) std::abort();
      }
    }
    if (step == frame_parser::step::failed) break;
    if (!input.empty()) std::abort();
  }
  out.error = parser.error();
  out.at_boundary = out.error != frame_error::none || parser.at_boundary();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const peer from = (data[0] & 1U) != 0 ? peer::client : peer::server;
  const std::size_t piece = 1U + (data[0] >> 1U) % 16U;
  const outcome whole = parse(bytes, bytes.size() + 1, from);
  if (!(parse(bytes, piece, from) == whole)) std::abort();
  if (!(parse(bytes, 1, from) == whole)) std::abort();
  // What was accepted from a server is accepted again when written anew.
  if (from == peer::server && parse(whole.frames, whole.frames.size() + 1, from).frames != whole.frames) std::abort();
  return 0;
}

// What it costs to read a chat message's frame: whole in the buffer (the usual case), cut in two, and by the byte.
#include "harness/client/websocket/frame_parser.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace client::websocket;

// As many whole frames of `size` bytes of text as fill a read of 64 KiB.
std::string one_read(std::size_t size) {
  const std::string frame = encode_frame(opcode::text, std::string(size, 'x'), std::nullopt);
  std::string bytes;
  while (bytes.size() + frame.size() <= (64U << 10U)) bytes += frame;
  return bytes;
}

void whole_frames(benchmark::State& state) {
  const std::string bytes = one_read(static_cast<std::size_t>(state.range(0)));
  frame_parser parser;
  std::int64_t frames = 0;
  for (auto _ : state) {
    std::string_view input = bytes;
    frame got;
    while (parser.next(input, got) == frame_parser::step::frame) {
      benchmark::DoNotOptimize(got.payload.data());
      ++frames;
    }
  }
  state.SetItemsProcessed(frames);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(whole_frames)->Arg(109)->Arg(250)->Arg(4096);

void cut_frames(benchmark::State& state) {
  const std::string bytes = encode_frame(opcode::text, std::string(250, 'x'), std::nullopt);
  const auto piece = static_cast<std::size_t>(state.range(0));
  frame_parser parser;
  for (auto _ : state) {
    frame got;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      std::string_view input = std::string_view(bytes).substr(at, piece);
      while (parser.next(input, got) == frame_parser::step::frame) benchmark::DoNotOptimize(got.payload.data());
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cut_frames)->Arg(128)->Arg(1);

}  // namespace

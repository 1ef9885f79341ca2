// libFuzzer target of the client-frame parser: whatever comes, no crash; and the same events however the bytes are cut.
#include "reference-server/gateway/frame_parser.hpp"

#include <cstdlib>
#include <string>

namespace {

std::string events(std::string bytes, std::size_t step, std::size_t most) {
  gateway::frame_parser parser(most);
  std::string seen;
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    std::span<char> piece(bytes.data() + i, std::min(step, bytes.size() - i));
    for (;;) {
      const auto event = parser.next(piece);
      if (event.what == gateway::frame_parser::kind::more) break;
      if (event.payload.size() > (event.what == gateway::frame_parser::kind::message ? most : 125)) std::abort();
      seen += std::to_string(static_cast<int>(event.what)) + (event.binary ? "b" : "t") +
              std::to_string(static_cast<int>(event.code)) + ":" + std::string(event.payload) + ";";
      const bool over =
          event.what == gateway::frame_parser::kind::failed || event.what == gateway::frame_parser::kind::close;
      if (over) return seen;
    }
    if (!piece.empty()) std::abort();
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1u + data[0] % 16u;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t most = (data[0] & 16u) != 0 ? 512 : 24;
  if (events(bytes, step, most) != events(bytes, bytes.size() + 1, most)) std::abort();
  return 0;
}

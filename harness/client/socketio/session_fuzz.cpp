// The session against any packets from the server: it must read nothing beyond what it was given, and once broken or
// closed must have said so. Pieces are cut at U+001E as in a poll; an empty piece stands for an attachment.
#include "harness/client/socketio/session.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace client::socketio;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  session under_test({.name_space = size % 2 == 0 ? "/" : "/x", .auth = "{}"});
  for (const std::string_view piece : split_payload(bytes)) {
    // A copy of its own, so that a read beyond it is seen.
    const std::vector<char> copy(piece.begin(), piece.end());
    const happening got =
        copy.empty() ? under_test.read_attachment({}) : under_test.read({copy.data(), copy.size()}, {});
    if (got.what == step::event && (got.text.empty() || got.text.front() != '[')) std::abort();
    if (got.what == step::connected && !under_test.is_connected()) std::abort();
    if (got.what != step::nothing && got.what != step::broken && !under_test.is_open()) std::abort();
    if (got.what == step::broken || got.what == step::closed) break;
    // What was read is written as it was read.
    const auto engine = read_engine_packet({copy.data(), copy.size()});
    if (engine && engine->type == engine_type::message && !engine->binary) {
      if (const auto packet = read_packet(engine->data)) {
        const std::string again = write_packet(*packet);
        const auto twice = read_packet(again);
        if (!twice || twice->json != packet->json || twice->ack != packet->ack) std::abort();
      }
    }
  }
  return 0;
}

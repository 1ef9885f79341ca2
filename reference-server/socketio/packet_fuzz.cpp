// libFuzzer target of Socket.IO's packets: one that is taken says the same when written and read again; and a
// connection that is told the lines of the input one after the other (those that begin with ! as attachments) keeps its
// rules.
#include "reference-server/socketio/connection.hpp"
#include "reference-server/socketio/packet.hpp"

#include <cstdlib>
#include <string>

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void check_packet(std::string_view text) {
  const auto given = socketio::parse(text);
  if (!given) return;
  expect(given->attachments <= socketio::most_attachments && (given->binary() || given->attachments == 0));
  const std::string written = socketio::encode(*given);
  const auto again = socketio::parse(written);
  expect(again && again->kind == given->kind && again->name_space == given->name_space && again->id == given->id &&
         again->attachments == given->attachments && again->json == given->json);
  if (given->kind != socketio::packet_kind::event && given->kind != socketio::packet_kind::binary_event) return;
  const auto parts = socketio::split_event(given->json);
  expect(!parts.name.empty() && given->json.find(parts.name) != given->json.npos);
  expect(parts.name.size() + parts.arguments.size() + 2 <= given->json.size());
}

// All of what a message points to can be read; the sanitizer looks on.
void expect_readable(const socketio::connection::message& said) {
  std::string all(said.packet.json);
  all += said.packet.name_space;
  for (const std::string& one : said.attachments) all += one;
  expect(all.find('\n') == all.npos);
}

void check_connection(std::string_view lines) {
  using kind = socketio::connection::kind;
  socketio::connection guest;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const bool binary = line.starts_with('!');
    const auto said = binary ? guest.take_binary(line.substr(1)) : guest.take_text(line);
    if (said.what == kind::fault) return;  // its session is closed
    expect_readable(said);
    const bool inside = guest.joined(said.packet.name_space);
    if (said.what == kind::connect) {
      expect(!inside);
      guest.join(said.packet.name_space);
    } else if (said.what != kind::nothing) {
      expect(inside && said.attachments.size() == said.packet.attachments);
      if (said.what == kind::disconnect) guest.leave(said.packet.name_space);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_packet(text);
  check_connection(text);
  return 0;
}

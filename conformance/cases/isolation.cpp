// ISO and SOCK: what reaches nobody else, and what a socket must not be good for.
#include "conformance/cases/case.hpp"
#include "harness/client/websocket/frame.hpp"

#include <fmt/format.h>

namespace conformance {

CASE(ISO, 01) {
  auto& alice = user();
  auto& bob = user();
  auto& carol = user();
  auto& dave = user();
  const chat& watched = create_chat(alice, bob);
  const chat& bystanders = create_chat(carol, dave);
  connect(bob);
  device& bystander = connect(carol);
  for (int i = 0; i < 20; ++i) send_acked(alice, watched);
  fence(dave, bystanders, bystander);
  trials(20);
}

CASE(ISO, 02) {
  auto& alice = user();
  auto& bob = user();
  auto& carol = user();
  const chat& with_bob = create_chat(alice, bob);
  const chat& with_carol = create_chat(alice, carol);
  connect(bob);
  device& of_carol = connect(carol);
  send_acked(alice, with_carol);  // that she is a contact is known from here on
  for (int i = 0; i < 20; ++i) send_acked(alice, with_bob);
  fence(alice, with_carol, of_carol);
  trials(20);
}

namespace {

std::string as_json(const std::string& id) {
  const bool is_number = !id.empty() && id.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? id : '"' + id + '"';
}

}  // namespace

CASE(SOCK, 03) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  device& pen = connect(alice);
  // With the tag of a message that is never sent: wherever it shows up, to the end of the run, the ledger knows it.
  const auto body = [&] {
    return stage_.trace().body(stage_.trace().next_message(both.number, alice.number()), stage_.now(), "");
  };
  const std::string in = as_json(both.id);
  const std::vector<std::string> texts{
      fmt::format(R"({{"event":"message","data":{{"chat_id":{},"body":"{}"}}}})", in, body()),
      fmt::format(R"({{"chat_id":{},"recipient":"{}","body":"{}"}})", in, bob.name(), body()),
      fmt::format(R"({{"type":"message","chat":{},"to":"{}","text":"{}"}})", in, bob.name(), body()),
      fmt::format(R"(42["message",{{"chat_id":{},"body":"{}"}}])", in, body()),
      fmt::format(R"(42["send_message",{{"chat":{},"text":"{}"}}])", in, body()),
  };
  for (const auto& each : texts) pen.socket().say(each);
  int written = static_cast<int>(texts.size());
  const std::string binary = fmt::format(R"({{"event":"message","data":{{"chat_id":{},"body":"{}"}}}})", in, body());
  if (auto* raw = pen.socket().raw()) {
    raw->send_bytes(client::websocket::encode_frame(client::websocket::opcode::binary, binary,
                                                    client::websocket::mask_key{1, 2, 3, 4}));
    ++written;
  }
  close_and_drain(pen);
  fence(alice, both, phone);
  const auto walk = read_history(bob, both);
  expect(walk.complete, "a walk through the history", "complete", walk.complete ? "complete" : walk.problem);
  trials(written);
}

}  // namespace conformance

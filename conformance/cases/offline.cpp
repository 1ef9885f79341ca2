// OFF and ISO: what must not arrive. Each absence is proved by a fence, never by a wait.
#include "conformance/cases/case.hpp"

namespace conformance {

CASE(OFF, 01) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  for (int i = 0; i < 3; ++i) {
    const message& sent = send(alice, both);
    expect(sent.acked(), "sending to a peer who is offline", "a success (2xx)", sent.reply->summary());
    trials(1);
  }
  for (actor* reader : {&alice, &bob}) {
    const auto walk = read_history(*reader, both);
    expect(walk.complete, "a walk through the history", "complete", walk.complete ? "complete" : walk.problem);
  }
}

CASE(OFF, 02) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);

  // Once for a user who was never connected, once for one who was and left.
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5; ++i) send_acked(alice, both);
    device& phone = connect(bob);
    fence(alice, both, phone);
    trials(5);
    close_and_drain(phone);
  }
}

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

}  // namespace conformance

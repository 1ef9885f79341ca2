// RT: delivery to connected recipients. The ledger judges what arrived; the cases see to it that there is something to
// judge.
#include "conformance/cases/case.hpp"

namespace conformance {

CASE(RT, 01) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  for (int i = 0; i < 20; ++i) {
    const message& sent = send_acked(alice, both);
    trials(1);
    if (!await_frame(phone, sent) && phone.ended()) {
      throw cannot_conclude("the socket ended: " + phone.ended()->summary());
    }
    if (!phone.got(sent.number)) return;  // lost, and each further one would cost the whole patience again
  }
}

CASE(RT, 02) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  send_many(alice, both, 1000, 16);
  trials(1000);
  fence(alice, both, phone);
}

CASE(RT, 03) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  for (int i = 0; i < 200; ++i) send_acked(alice, both);
  trials(200);
  fence(alice, both, phone);
  read_history(bob, both);  // the order to compare with where ids say nothing about it
}

}  // namespace conformance

// LIFE and DEV: connecting, leaving, coming back, and several sockets at once. The ledger judges what arrived.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

namespace conformance {

CASE(LIFE, 01) {
  for (int i = 0; i < 30; ++i) {
    auto& alice = user();
    auto& bob = user();
    const chat& both = create_chat(alice, bob);
    device& phone = connect(bob);  // comes back in the turn in which ready was read
    const message& first = send_acked(alice, both);
    const message& second = send_acked(alice, both);
    trials(1);
    if (!await_frame(phone, first) || !await_frame(phone, second)) return;  // lost, says the ledger
    close_and_drain(phone);
  }
}

namespace {

/// Messages must come on the socket that follows one that was closed, or reset.
class reconnect_case : public conformance_case {
 protected:
  void come_back(bool by_reset) {
    auto& alice = user();
    auto& bob = user();
    const chat& both = create_chat(alice, bob);
    for (int i = 0; i < 3; ++i) {
      device& old = connect(bob);
      fence(alice, both, old);
      by_reset ? abort_and_drain(old) : close_and_drain(old);
      device& fresh = connect(bob);
      for (int k = 0; k < 10; ++k) {
        trials(1);
        if (!await_frame(fresh, send_acked(alice, both))) return;  // lost, says the ledger
      }
      by_reset ? abort_and_drain(fresh) : close_and_drain(fresh);
    }
  }
};

class LIFE_02 : public reconnect_case {
  void act() override { come_back(false); }
};
class LIFE_03 : public reconnect_case {
  void act() override { come_back(true); }
};

}  // namespace

TEST(LIFE, 02) {
  LIFE_02().perform("LIFE", "02");
}
TEST(LIFE, 03) {
  LIFE_03().perform("LIFE", "03");
}

CASE(LIFE, 04) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  for (int i = 0; i < 100; ++i) {
    device& phone = connect(bob);
    fence(alice, both, phone);
    close_and_drain(phone);
  }
  device& last = connect(bob);
  for (int i = 0; i < 10; ++i) send_acked(alice, both);
  fence(alice, both, last);
  trials(110);
}

CASE(DEV, 01) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  std::vector<device*> devices;
  for (int i = 0; i < 3; ++i) devices.push_back(&connect(bob));
  for (int i = 0; i < 20; ++i) send_acked(alice, both);
  trials(60);
  for (device* each : devices) fence(alice, both, *each);
}

}  // namespace conformance

// OFF: what must not arrive. Each absence is proved by a fence, never by a wait.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  // Once for a user who was never connected, once for one who was and left.
  for (const bool was_connected : {false, true}) {
    auto& bob = user();
    const chat& both = create_chat(alice, bob);
    if (was_connected) {
      device& before = connect(bob);
      fence(alice, both, before);
      close_and_drain(before);
    }
    for (int i = 0; i < 5; ++i) send_acked(alice, both);
    device& phone = connect(bob);
    fence(alice, both, phone);
    trials(5);
    close_and_drain(phone);
  }
}

CASE(OFF, 03) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  for (int i = 0; i < 5; ++i) send_acked(alice, both);
  for (int i = 0; i < 5; ++i) {
    device& phone = connect(bob);
    fence(alice, both, phone);
    trials(5);
    if (i < 4) close_and_drain(phone);  // the last one stays to the end of the run
  }
}

CASE(OFF, 04) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  std::vector<const message*> missed;
  for (int i = 0; i < 5; ++i) missed.push_back(&send_acked(alice, both));
  device& phone = connect(bob);
  fence(alice, both, phone);
  trials(5);
  for (const auto& frame : phone.other_frames()) {
    const auto held =
        std::ranges::count_if(missed, [&](const message* each) { return frame.find(each->body) != std::string::npos; });
    if (held == 1 && frame.find(missed.back()->body) != std::string::npos) {
      remark("a frame that is no message mentions the newest missed one: " + frame);
    } else {
      expect(held == 0, "a frame that is no message", "none of the five that were missed",
             fmt::format("{} of them: {}", held, frame));
    }
  }
}

}  // namespace conformance

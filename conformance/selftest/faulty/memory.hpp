// What a router must not remember: frames that users missed or have had, kept to be sent once more. A right router has
// none of it; each part is filled only when the fault of its name is on. Owned by the router, one thread, no I/O.
#pragma once

#include "conformance/selftest/faulty/faults.hpp"
#include "conformance/selftest/faulty/mailbox.hpp"

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace faulty {

class Memory {
 public:
  using Time = Mailbox::Clock::time_point;

  explicit Memory(Faults& faults) : faults_(faults) {}

  // A frame went its way; `reached`: somebody was there.
  void routed(const MessagePtr& message, const Frame& frame, bool reached, Time now);
  // A socket is open and `ready` on its way.
  void opened(const std::string& user, Subscriber& socket, Time now);
  void detached(const std::string& user, Subscriber& socket);
  // To be called about every 100 ms.
  void tick(Time now);

 private:
  struct Opened {
    std::string user;
    Subscriber* socket;
    Time when;
  };

  void send_again(Fault fault, const std::string& user, Subscriber& socket,
                  const std::vector<Mailbox::Letter>& letters);
  void greet(const std::string& user, Subscriber& socket);

  Faults& faults_;
  Mailbox missed_;                       // replay_on_connect
  Mailbox missed_before_, missed_long_;  // replay_on_second_connect: until the first connection, and after it
  Mailbox outbox_;                       // replay_late
  std::vector<Opened> recently_opened_;  // the same
  std::unordered_map<std::string, Mailbox::Letter> last_, unacked_;           // unacked_resent
  std::unordered_map<std::string, std::deque<Mailbox::Letter>> last_twenty_;  // history_in_hello
};

}  // namespace faulty

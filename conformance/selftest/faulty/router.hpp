// The socket map: which sockets each user has, and who gets a published message. Owned by main, one thread. A message
// reaches exactly the recipient's sockets that were attached before it was published; with no such socket it is
// dropped.
#pragma once

#include "conformance/selftest/faulty/chat.hpp"
#include "conformance/selftest/faulty/faults.hpp"
#include "conformance/selftest/faulty/mailbox.hpp"
#include "conformance/selftest/faulty/subscriber.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace faulty {

// A message at its place in the stream of all publications, counted from 1.
struct Publication {
  MessagePtr message;
  std::uint64_t position = 0;
};

class Router {
 public:
  explicit Router(Faults& faults) : faults_(faults) {}

  // From now on the socket gets what is published after `position`. A user "" has no identity.
  void attach(const std::string& user, Subscriber& socket, std::uint64_t position);
  // What the socket's user missed; to be called once `ready` is on its way.
  void opened(const std::string& user, Subscriber& socket);
  void detach(const std::string& user, Subscriber& socket);

  void route(const Publication& publication);

  // The sockets that a right router gives the publication to.
  std::vector<Subscriber*> addressees(const Publication& publication) const;

  // Work that is due; to be called about every 100 ms.
  void tick(std::chrono::steady_clock::time_point now);

 private:
  struct Attached {
    Subscriber* socket;
    std::uint64_t position;
  };
  using Users = std::map<std::string, std::vector<Attached>>;
  struct Opened {
    std::string user;
    Subscriber* socket;
    std::chrono::steady_clock::time_point when;
  };

  static std::vector<Subscriber*> attached_before(const Users::value_type& entry, std::uint64_t position);
  void deliver(Fault fault, const Users::value_type& entry, const Publication& publication, const Frame& frame);
  void stray(const Publication& publication, const Frame& frame);
  Frame encode(const Publication& publication);
  void keep_for_later(const Publication& publication, const Frame& frame, bool reached);

  Faults& faults_;
  Users users_;
  Mailbox missed_, outbox_;
  std::vector<Opened> recently_opened_;  // filled only for the outbox
};

}  // namespace faulty

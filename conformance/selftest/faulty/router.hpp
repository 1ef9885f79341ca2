// The socket map: which sockets each user has, and who gets a published message. Owned by main, one thread. A message
// reaches exactly the recipient's sockets that were attached before it was published; with no such socket it is
// dropped.
#pragma once

#include "conformance/selftest/faulty/chat.hpp"
#include "conformance/selftest/faulty/faults.hpp"
#include "conformance/selftest/faulty/memory.hpp"
#include "conformance/selftest/faulty/subscriber.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
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
  explicit Router(Faults& faults) : faults_(faults), memory_(faults) {}

  // From now on the socket gets what is published after `position`. A user "" has no identity. `newest_chat` is the
  // last chat that exists by now.
  void attach(const std::string& user, Subscriber& socket, std::uint64_t position, std::int64_t newest_chat = max_id);
  // What the socket's user missed; to be called once `ready` is on its way.
  void opened(const std::string& user, Subscriber& socket);
  void detach(const std::string& user, Subscriber& socket);

  // Two ways to keep the map badly: all sockets of the user are forgotten; the user counts as registered for ever.
  void forget(const std::string& user);
  void leave_behind(const std::string& user) { left_behind_.insert(user); }

  void route(const Publication& publication);

  // The sockets that a right router gives the publication to.
  std::vector<Subscriber*> addressees(const Publication& publication) const;

  // Work that is due; to be called about every 100 ms.
  void tick(std::chrono::steady_clock::time_point now) { memory_.tick(now); }

 private:
  struct Attached {
    Subscriber* socket;
    std::uint64_t position;
    std::int64_t newest_chat;
  };
  using Users = std::map<std::string, std::vector<Attached>>;
  static std::vector<Subscriber*> attached_before(const Users::value_type& entry, std::uint64_t position);
  void deliver(Fault fault, const Users::value_type& entry, const Publication& publication, const Frame& frame);
  void stray(const Publication& publication, const Frame& frame);
  void misroute(const Publication& publication, const Frame& frame);
  Frame encode(const Publication& publication);
  std::string frame_body(const Publication& publication);
  // Those whose sockets knew the chat when they opened.
  void drop_newcomers(const Publication& publication, std::vector<Subscriber*>& sockets);

  Faults& faults_;
  Users users_;
  Memory memory_;
  std::set<std::string> left_behind_;                      // aborted_socket_swallows
  std::map<std::string, int> connections_;                 // handler_per_reconnect
  std::map<std::string, std::set<std::string>> contacts_;  // fan_out_to_contacts
};

}  // namespace faulty

// Which sockets a user's messages go to. No I/O; owned by the gateway, on the loop's thread.
//
// The attach point: each socket has a SUBSCRIBE of its own, sent also when the channel is subscribed already, and takes
// part from the place in Redis' stream where that one is answered: what stands before is not for it, all that follows
// is. A channel is given up when neither attached sockets nor waiting ones are left; since SUBSCRIBE and UNSUBSCRIBE go
// out on one connection, Redis' order decides crossings. The router says what has to be sent; its caller sends it.
#pragma once

#include "reference-server/gateway/socket_id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gateway {

class router {
 public:
  // The socket waits for its attach point: the caller has to send SUBSCRIBE for this user with the id as the token.
  // The id must not take part already.
  void wait(socket_id id, std::string_view user);

  // The SUBSCRIBE of this socket was answered. True: it is attached from here on. False: it has left, drop the answer.
  bool attach(socket_id id);

  // The socket takes no further part; nothing happens when it took none. A user's name: nobody of that user is left,
  // the caller has to send UNSUBSCRIBE.
  std::optional<std::string> leave(socket_id id);

  // Calls with the id of each attached socket of the user, in the order of their attach points. The call may make that
  // socket leave, and no other.
  template <class Call>
  void each_attached(std::string_view user, Call call) const {
    const auto found = users_.find(user);
    if (found == users_.end()) return;
    for (auto place = found->second.first; place != none;) {
      const auto& m = at(place);
      place = m.next;
      call(m.id);
    }
  }

  // Calls with the id and the user of each socket that takes part, attached or waiting. The call must not change who
  // does.
  template <class Call>
  void each(Call call) const {
    for (const auto& table : members_) {
      for (const member& m : table) {
        if (m.id.life != 0) call(m.id, std::string_view(m.user->first));
      }
    }
  }

  bool takes_part(socket_id id) const { return find(id) != nullptr; }
  // The user of a socket that takes part; valid until it leaves.
  std::string_view user_of(socket_id id) const;
  bool attached(socket_id id) const;

  std::size_t users() const { return users_.size(); }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct devices {
    std::uint32_t first = none, last = none;  // attached ones, as a list through members_
    std::uint32_t waiting = 0;
  };
  using user_map = std::unordered_map<std::string, devices, hash, std::equal_to<>>;
  struct member {
    socket_id id;  // life 0: the place is free
    user_map::value_type* user = nullptr;
    std::uint32_t next = none, previous = none;
    bool attached = false;
  };
  const member* find(socket_id id) const;
  const member& at(std::uint32_t place) const {
    const socket_id id{place, 0};
    return members_[id.is_session()][id.index()];
  }
  member& at(std::uint32_t place) { return const_cast<member&>(std::as_const(*this).at(place)); }

  user_map users_;
  std::array<std::vector<member>, 2> members_;  // plain sockets and sessions, by place
};

}  // namespace gateway

// Who was connected when: the life of every socket of a trace.
//
// Built once from a trace, then read-only; does not keep the trace. Any thread.
#pragma once

#include "harness/ledger/moment.hpp"
#include "harness/ledger/trace.hpp"

#include <optional>
#include <span>
#include <vector>

namespace ledger {

struct drain {
  moment at;
  bool last = false;
};

struct socket_life {
  user_id user{};
  moment started;
  std::optional<moment> ready;  // the first ready before the end
  std::optional<moment> ended;  // the first end
  ending how = ending::failed;
  int close_code = 0;
  std::vector<drain> drains;  // those before the end, ascending

  // Ended before `when`.
  bool gone_by(const moment& when) const { return ended && *ended < when; }

  // The drain that shows the socket ready, and read empty, at `due` or later; or the run's last one, when it comes
  // after `since`. Nothing: the socket ended, or the trace did, before that could be known.
  std::optional<moment> ready_at(instant due, const moment& since) const;
};

class presence {
 public:
  explicit presence(const trace& of);

  std::size_t size() const { return lives_.size(); }
  const socket_life& of(socket_id socket) const { return lives_.at(static_cast<std::size_t>(socket)); }
  std::span<const socket_id> sockets_of(user_id user) const;  // in the order in which they were started

 private:
  std::vector<socket_life> lives_;
  std::vector<std::vector<socket_id>> by_user_;
};

}  // namespace ledger

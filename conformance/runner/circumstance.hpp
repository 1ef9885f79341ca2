// Under which circumstances a ledger finding came about, read off the trace that it was found in: a message that is
// lost on a user's second socket tells of another fault than one that is lost on the first. Pure; the trace must
// outlive it.
#pragma once

#include "conformance/contract/requirement.hpp"
#include "harness/ledger/trace.hpp"

#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace conformance {

class surroundings {
 public:
  explicit surroundings(const ledger::trace& of);

  circumstance of(const ledger::finding& found) const;

 private:
  struct socket {
    ledger::user_id user{};
    ledger::instant started{};
    std::optional<ledger::instant> ready;
    std::optional<ledger::instant> ended;
    ledger::ending how{};
    std::vector<std::pair<ledger::message_id, ledger::instant>> arrivals;
  };
  struct message {
    std::optional<ledger::instant> sent;
    std::optional<ledger::instant> acked;
  };

  const socket& at(ledger::socket_id id) const { return sockets_[static_cast<std::size_t>(id)]; }
  const message& at(ledger::message_id id) const { return messages_[static_cast<std::size_t>(id)]; }
  std::vector<const socket*> others(const socket& one) const;
  circumstance of_loss(const message& what, const socket& on) const;
  circumstance of_replay(ledger::message_id id, const socket& on) const;
  circumstance beside_others(const message& what, const socket& on) const;

  const ledger::trace& trace_;
  std::vector<socket> sockets_;
  std::vector<message> messages_;
  std::set<std::pair<ledger::user_id, ledger::user_id>> contacts_;
};

}  // namespace conformance

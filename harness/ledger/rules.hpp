// What a target declares about delivery: the parameters of every verdict.
//
// Plain values, filled from the target file by whoever judges; the defaults are those of the reference server.
#pragma once

#include "harness/ledger/event.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace ledger {

enum class offline_policy : std::uint8_t {
  discard,  // who is not connected finds the message in history, never on a socket
  replay    // each missed message exactly once on the next ready socket, never again
};

struct rules {
  // How long after an acknowledgement a target may still push that message to a socket opened since. >= 0.
  std::chrono::nanoseconds settle{0};
  // How long after its acknowledgement a message may take to a ready socket. > 0.
  std::chrono::nanoseconds deadline = std::chrono::seconds(10);
  // Close codes by which the server says that the socket may have missed something.
  std::vector<int> announcing_close_codes = {1012, 1013};
  // A later message of the chat on a socket proves that a missing one is lost. Say false for a run that breaks parts of
  // the target on purpose: a server that announces losses may let later messages through until the fault is over, and
  // whoever leaves before that cannot call it a loss. Then only the deadline proves one.
  bool later_message_proves_loss = true;
  offline_policy offline = offline_policy::discard;
  // The sender's own sockets may get the message too, each at most once.
  bool echo_allowed = false;
  // A target that broadcasts: who is neither sender nor recipient may get a message, too. That is counted and held to
  // nothing else but that the message was sent, not refused, and came whole; sender and recipient are owed what they
  // always are.
  bool everyone_receives = false;
  // For so long after its ready event a socket may miss what is sent: that is counted by its own name, never lost.
  // What does come is held to the usual rules, except that it cannot be late. >= 0.
  std::chrono::nanoseconds warm_up{0};
  // Within a chat a later message has a greater id (ids that are decimal numbers, of any length).
  bool ids_ordered = true;
  // No two messages of different chats share an id.
  bool ids_unique = true;
  // A walk through history during writes neither skips nor repeats (keyset paging). When false, only walks during
  // which nobody wrote to the chat are held to that.
  bool walks_are_stable = true;
};

// The usual meaning of a POST's status. `successes` and `refusals` are the statuses that the target file declares; with
// none declared every 2xx is a success. 4xx is a refusal; 408, 429 and 503 only when declared; everything else, and 0
// for no answer, is unknown.
outcome outcome_of(int status, const std::vector<int>& successes = {}, const std::vector<int>& refusals = {});

}  // namespace ledger

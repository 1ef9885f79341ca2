// The outcome of judging a trace: findings with their proof, what stayed open, and how much was checked.
//
// Plain values made by judge(); safe to copy and compare. Event indexes are positions in trace::events().
#pragma once

#include "harness/ledger/event.hpp"
#include "harness/ledger/moment.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ledger {

class trace;

enum class finding_class : std::uint8_t {
  lost,        // owed to a ready socket and not there
  late,        // owed and there, but only after its deadline
  duplicated,  // more than once on one socket
  misrouted,   // on a socket (or in the history of a chat) that it does not belong to; echo where none is allowed
  replayed,    // on a socket opened after it was settled, or after it had been delivered
  reordered,   // behind a later message of its chat on one socket
  corrupted,   // the body is not what was sent
  phantom,     // a tag of this run that was never sent
  refused_but_delivered,  // the POST was refused, yet it is on a socket
  refused_but_stored,     // the POST was refused, yet history has it
  missing_from_history,   // acknowledged, and a whole walk begun afterwards does not have it
  repeated_in_history,    // more than once in one walk
  delivered_not_stored    // seen on a socket, and a whole walk begun afterwards does not have it
};
inline constexpr std::size_t finding_classes = 13;

std::string in_seconds(instant time);        // "12.345 s"
std::string_view name(finding_class value);  // "lost", "missing from history", …

// By what "later" was decided.
enum class order_basis : std::uint8_t { id, history, sequence };
std::string_view name(order_basis value);

struct finding {
  finding_class kind{};
  std::optional<message_id> message;
  std::optional<socket_id> socket;   // none: it was found in history
  std::optional<user_id> user;       // whose socket, or who read the history
  std::optional<order_basis> basis;  // for reordered, and for lost when a later message proved it
  std::optional<message_id> other;   // the later message of reordered and lost
  std::vector<std::size_t> proof;    // indexes of events, ascending
  instant at{};                      // of the event that completes the proof

  friend bool operator==(const finding&, const finding&) = default;
};

// A message and a socket about which nothing can be said: the socket ended (or the trace did) too early.
struct open_question {
  message_id message{};
  socket_id socket{};
  friend bool operator==(const open_question&, const open_question&) = default;
};

struct counts {
  // Messages, by what became of their POSTs.
  std::uint64_t sent = 0;
  std::uint64_t acked = 0;
  std::uint64_t acked_by_retry = 0;  // of acked: not by the first POST
  std::uint64_t refused = 0;
  std::uint64_t unknown = 0;  // no answer by the end of the trace included
  std::uint64_t fences = 0;   // of sent

  // Pairs of a message and a socket of its recipient. owed + uncertain + announced + missed_in_warm_up: ready before
  // the POST, acknowledged by it, and not ended before it.
  std::uint64_t owed = 0;       // decided: delivered (in time or not) or lost
  std::uint64_t delivered = 0;  // of owed
  std::uint64_t uncertain = 0;
  std::uint64_t announced = 0;          // missing, and the server closed with a code that says so
  std::uint64_t missed_in_warm_up = 0;  // missing, and sent within the declared warm-up of the socket
  std::uint64_t at_most_once = 0;       // all pairs that are neither owed nor forbidden

  // Pairs of an acknowledged message and a socket where it must not be.
  std::uint64_t forbidden_checked = 0;   // decided: shown to be absent, or found
  std::uint64_t forbidden_unproven = 0;  // not seen, but nothing proves that it would have been

  // Frames.
  std::uint64_t frames = 0;
  std::uint64_t foreign = 0;    // frames without our tag; never findings
  std::uint64_t broadcast = 0;  // frames of a message on sockets of others, where the target declares that all receive

  // History.
  std::uint64_t walks = 0;                // complete
  std::uint64_t in_history_checked = 0;   // acknowledged messages that a whole walk begun afterwards was held to
  std::uint64_t in_history_unjudged = 0;  // acknowledged messages without such a walk

  // Order: frames compared, by basis.
  std::array<std::uint64_t, 3> ordered_by{};  // indexed by order_basis

  friend bool operator==(const counts&, const counts&) = default;
};

// What is known about a message on a socket where it must not be.
enum class absence : std::uint8_t { proven, unproven, present };

struct verdict {
  std::vector<finding> findings;                 // by message, then class, then socket
  std::vector<open_question> uncertain;          // counts.uncertain of them
  std::vector<open_question> announced;          // counts.announced of them
  std::vector<open_question> missed_in_warm_up;  // counts.missed_in_warm_up of them
  ledger::counts counts;

  // For each socket: a message acknowledged (or refused) before this moment, and not seen on the socket, is proven
  // absent from it; none: nothing is. It is the POST of the last message that came to the socket in time: a fence that
  // never came leaves the negatives that leaned on it unproven, and waiting proves none.
  std::vector<std::optional<moment>> proven_up_to;

  std::uint64_t count(finding_class kind) const;
  bool clean() const { return findings.empty(); }

  friend bool operator==(const verdict&, const verdict&) = default;
};

// One English sentence with the names from the trace.
std::string sentence(const finding& value, const trace& of);

}  // namespace ledger

// What a live ledger found and counted: plain values, safe to copy; numbers are those of the run, not of a trace.
#pragma once

#include "harness/ledger/trace.hpp"
#include "harness/ledger/verdict.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ledger {

struct live_finding {
  finding_class kind{};
  message_key message;
  std::optional<std::uint32_t> socket;  // the how-manieth socket_started of this ledger, from 0; none: in history
  std::optional<user_id> user;          // whose socket, or who read the history
  std::optional<order_basis> basis;     // for reordered, and for lost when a later message proved it
  std::optional<message_key> other;     // the later message of reordered and lost
  instant at{};
  friend bool operator==(const live_finding&, const live_finding&) = default;
};

// A message and a socket about which nothing can be said, or whose loss the server announced or a warm-up excuses.
struct live_question {
  message_key message;
  std::uint32_t socket = 0;
  friend auto operator<=>(const live_question&, const live_question&) = default;
};

// How much is kept; everything is counted.
struct live_limits {
  std::size_t findings = 100;          // of each class
  std::size_t questions = 1'000;       // of uncertain, announced and missed in the warm-up, each
  std::size_t recent_events = 65'536;  // for the traces around findings; 0: none are made
};

struct live_counts {
  // The oracle's counts. at_most_once and forbidden_* are not kept: their number grows with messages times sockets.
  ledger::counts totals;
  // Acknowledged by its first POST, and no socket of the recipient was ready before it. Where none was there at all it
  // is in history and never on a socket: offline. Where one was just being opened or closed it may have come, once.
  std::uint64_t offline = 0;
  std::uint64_t coming_or_going = 0;
  std::array<std::uint64_t, finding_classes> findings{};  // indexed by finding_class
  // Messages given up for lack of memory, see live_ledger.hpp; frames that show one of them later are not judged.
  std::uint64_t forgotten = 0;

  std::uint64_t of(finding_class kind) const { return findings[static_cast<std::size_t>(kind)]; }
  friend bool operator==(const live_counts&, const live_counts&) = default;
};

// The same words as sentence() in verdict.hpp, with numbers for names: "Message 7 of user 12 in chat 3 was …".
std::string sentence(const live_finding& value);

}  // namespace ledger

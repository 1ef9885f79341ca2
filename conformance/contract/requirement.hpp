// One numbered promise of the chat contract: what is asked of a backend, why, how it is checked, and what a run needs
// for it. Plain data, made once at start, never changed. The sentences here are what `rollcall explain` and every
// report show. Ids are never reused; a change of meaning is a new id.
#pragma once

#include "harness/ledger/verdict.hpp"
#include "harness/record/result.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace conformance {

using record::impact;  // passive only reads; writes makes chats and messages of its own users; intrusive may touch what
                       // belongs to others; disruptive may slow or stop the target
using record::level;   // must: a violation fails the run; should: it is a warning
using record::tier;    // core: what every chat of this shape owes its users; extended: behind a feature; hardening: odd
                       // input and framing

/// Where the cause of a failure usually sits.
enum class owner { application, framework, proxy };

struct needs {
  int users = 0;    ///< simulated users
  int chats = 0;    ///< chats created
  int sockets = 0;  ///< sockets opened at once
  int posts = 0;    ///< messages sent, fences not counted
};

/// Under which circumstances a ledger finding came about: the same class means different things there.
/// runner/circumstance.hpp decides from the trace.
enum class circumstance {
  any,
  on_socket,                 ///< corrupted: in a frame
  in_history,                ///< corrupted: in a history row
  one_after_another,         ///< reordered: the later message was sent after the answer to the earlier
  in_flight_together,        ///< reordered: both were on their way at once
  missed_before_connecting,  ///< replayed: never delivered, on the first socket since
  missed_long_before,        ///< replayed: never delivered, on a later one
  around_a_disconnect,       ///< replayed: had been delivered or was under way to an earlier socket
  right_after_ready,         ///< lost: sent before the first message came on that socket
  after_reconnect,           ///< lost, duplicated: the user had had another socket, which was closed
  after_abort,               ///< lost, duplicated: the same, but it broke
  many_devices,              ///< lost, duplicated: the user had another socket open
  to_the_sender,             ///< misrouted: to a socket of who sent it
  to_a_contact,              ///< misrouted: to somebody with whom its sender has a chat, too
};

/// A class of ledger findings, perhaps only under one circumstance.
struct breach {
  ledger::finding_class kind;
  circumstance when = circumstance::any;

  constexpr breach(ledger::finding_class of, circumstance under = circumstance::any) : kind(of), when(under) {}
};

struct requirement {
  std::string_view id;      ///< "RT-02"
  std::string_view title;   ///< a few words for tables
  std::string_view text;    ///< the promise, one sentence
  std::string_view why;     ///< what breaks for users without it
  std::string_view check;   ///< how a run decides, barrier included
  std::string_view causes;  ///< the usual causes of a failure
  level force = level::must;
  tier belongs_to = tier::core;
  impact touches = impact::writes;
  owner usual_owner = owner::application;
  std::string_view gate{};                     ///< feature that the target file must claim; empty: unconditional
  std::vector<std::string_view> depends_on{};  ///< requirements whose failure blocks this one
  needs uses{};
  std::vector<breach> findings{};            ///< ledger findings that break it
  std::vector<std::string_view> variants{};  ///< "garbage" makes the case id AUTH-02[garbage]
  bool exclusive = false;                    ///< its case runs alone, after all others
};

/// All requirements in the order of the contract.
std::span<const requirement> all_requirements();

/// The requirement of an id, with or without a variant in brackets; nullptr when there is none.
const requirement* find_requirement(std::string_view id);

/// The id without the variant: "AUTH-02[expired]" -> "AUTH-02".
std::string_view base_id(std::string_view id);

std::string_view word(owner value);

}  // namespace conformance

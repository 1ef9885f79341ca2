// The result of a run, as it stands in result.json: schema "rollcall.result/1", published in schema/result.json.
//
// Plain values, filled by whoever runs and read by reports; it carries the requirements' texts, so a report needs
// nothing else. Any thread.
#pragma once

#include "harness/record/load_result.hpp"
#include "harness/record/machine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace record {

inline constexpr std::string_view result_schema = "rollcall.result/1";

// The verdict of a whole run; each has its exit code (interrupted: 130 or 143).
enum class run_verdict : std::uint8_t {
  passed,
  findings,
  usage,
  target,
  inconclusive,
  nothing_checked,
  internal,
  interrupted
};
std::string_view word(run_verdict value);  // "passed", "findings", …, "nothing checked", …

enum class requirement_verdict : std::uint8_t {
  pass,
  fail,
  warning,
  deviation,
  known_failure,
  not_claimed,
  not_run,
  blocked,
  inconclusive,
  error
};
std::string_view word(requirement_verdict value);  // "pass", …, "known failure", "not claimed", …

enum class level : std::uint8_t { must, should };
std::string_view word(level value);  // "MUST", "SHOULD"

enum class tier : std::uint8_t { core, extended, hardening };
std::string_view word(tier value);

enum class impact : std::uint8_t { passive, writes, intrusive, disruptive };
std::string_view word(impact value);

struct check {
  std::string what;
  std::string expected;
  std::string actual;
  bool ok = false;
  friend bool operator==(const check&, const check&) = default;
};

struct trials {
  std::uint64_t n = 0;
  std::uint64_t failed = 0;
  friend bool operator==(const trials&, const trials&) = default;
};

struct requirement {
  std::string id;       // "RT-02"
  std::string variant;  // "socketio"; empty when there is only one
  std::string title;
  std::string text;  // the sentence of the contract
  record::level level = level::must;
  record::tier tier = tier::core;
  record::impact impact = impact::writes;
  std::string gate;  // the feature it depends on; empty: none
  requirement_verdict verdict = requirement_verdict::not_run;
  std::string reason;  // why it is not judged, or not a plain pass
  record::trials trials;
  std::vector<check> checks;
  std::string likely_cause;
  std::string reproduce;  // a command
  double seconds = 0;
  std::string blocked_by;  // id of the requirement that failed before it
  friend bool operator==(const requirement&, const requirement&) = default;
};

// "RT-02" or "RT-02[socketio]".
std::string full_id(const requirement& of);

struct message_name {
  std::string chat;
  std::string sender;
  std::uint32_t sequence = 0;
  friend bool operator==(const message_name&, const message_name&) = default;
};

struct finding {
  std::string kind;      // a ledger class: "lost", "missing from history", …
  std::string sentence;  // what happened, in words
  std::optional<message_name> message;
  std::string user;  // whose socket, or who read the history; may be empty
  std::optional<std::uint32_t> socket;
  double at = 0;                     // seconds since the run's start
  std::vector<std::uint64_t> proof;  // places in the trace
  std::string trace;                 // the trace file that they are places in; may be empty
  friend bool operator==(const finding&, const finding&) = default;
};

struct ledger_summary {
  std::vector<std::pair<std::string, std::uint64_t>> counts;  // in a fixed order
  std::vector<finding> findings;
  friend bool operator==(const ledger_summary&, const ledger_summary&) = default;
};

// What the target file takes out of the usual promises; the verdict allows it, and the report names it.
struct declared_exception {
  std::string declared;    // "delivery.to: everyone"
  std::string reason;      // may be empty
  std::string counted_as;  // the count of the ledger that says how often it was made use of
  friend bool operator==(const declared_exception&, const declared_exception&) = default;
};

struct target {
  std::string name;
  std::string version;
  std::string address;
  friend bool operator==(const target&, const target&) = default;
};

struct versions {
  std::string rollcall;
  std::string contract;
  friend bool operator==(const versions&, const versions&) = default;
};

struct result {
  std::string kind;   // "conform", "load", …
  std::string suite;  // of a conform run; may be empty
  run_verdict verdict = run_verdict::nothing_checked;
  int exit_code = 5;
  record::target target;
  std::string started;  // RFC 3339, UTC
  double seconds = 0;
  std::uint64_t seed = 0;
  record::versions versions;
  record::machine machine;
  std::string command;  // masked
  std::vector<requirement> requirements;
  ledger_summary ledger;
  std::vector<declared_exception> exceptions;
  std::optional<load_result> load;  // of a load run
  friend bool operator==(const result&, const result&) = default;
};

// Pretty-printed, members in the schema's order, a line each: two results differ in a diff only where they differ.
std::string to_json(const result& value);

// Exactly one of the two is set.
struct read_result {
  std::optional<result> value;
  std::string problem;  // one line: where and what
};
read_result from_json(std::string_view text);

}  // namespace record

// What a worker of a load run reports, as JSON lines on a pipe to the runner: how far it is, one line for each interval
// of the load, and at the end everything it counted. Histograms travel in their standard encoding and merge exactly.
//
//   {"phase":"making chats","done":10,"of":400}   {"ready":140}   {"failed":"…"}   {"interval":{…}}   {"final":{…}}
#pragma once

#include "harness/record/histogram.hpp"
#include "harness/record/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace loadgen {

struct phase_report {
  std::string phase;  // "making chats", "connecting", "draining", "reading histories"
  std::uint64_t done = 0;
  std::uint64_t of = 0;
};

// Everybody who belongs there at the beginning is connected.
struct ready_report {
  std::uint64_t online = 0;
};

// The run cannot go on, and it is not this program's fault: a clause.
struct failed_report {
  std::string reason;
};

// One interval, by its number from 0. Sends are counted when they were due and when they were handed over, all else
// when it happened.
struct interval_report {
  std::uint64_t number = 0;
  std::uint64_t intended = 0;
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::uint64_t unknown = 0;
  std::uint64_t delivered = 0;
  std::uint64_t late = 0;      // sends that were begun too late
  std::uint64_t online = 0;    // sockets that are ready at its end
  std::uint64_t findings = 0;  // of the ledger, so far
  record::histogram ack{};
  record::histogram delivery{};
  record::histogram lag{};

  void add(const interval_report& other);
};

// One latency, from the intended start and from the actual one.
struct latency_pair {
  record::histogram intended;
  record::histogram actual;
};

struct final_report {
  std::uint64_t intended = 0;
  std::uint64_t on_time = 0;
  std::uint64_t late = 0;
  std::map<std::string, std::uint64_t> not_sent;
  std::uint64_t waited_for_connection = 0;
  std::uint64_t offline = 0;          // acknowledged messages whose recipient was not connected
  std::uint64_t coming_or_going = 0;  // those whose recipient's socket was just being opened or closed
  latency_pair ack;
  latency_pair delivery;
  latency_pair ready;
  record::histogram lag;
  record::ledger_summary ledger;                 // its findings: the first of each class
  std::map<std::string, std::uint64_t> classes;  // how many findings there are of each class
  std::string cut_short;                         // why it did not do all of its plan; empty: it did

  void add(const final_report& other);
};

using report = std::variant<phase_report, ready_report, failed_report, interval_report, final_report>;

// With its end of line.
std::string to_line(const report& value);

// Throws std::exception on a line that to_line did not write: our own bug.
report read_line(std::string_view line);

}  // namespace loadgen

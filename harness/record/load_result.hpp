// What a load run adds to a result: the plan, whether the generator kept to it, the objectives, latencies and a
// timeline. Plain values, filled by loadgen and read by reports. Times are milliseconds where a name ends in `_ms`,
// else seconds since the load began; "intended" is the moment that the plan gave a send, whatever became of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace record {

struct load_plan {
  std::uint64_t users = 0;
  std::uint64_t chats = 0;
  double online = 1;           // share of the users that are connected at any moment
  double rate = 0;             // messages a second, all users together
  std::string arrivals;        // "constant", "poisson"
  double seconds = 0;          // of sending; connecting before and draining after not counted
  std::uint32_t workers = 1;   // processes
  std::uint32_t cells = 1;     // independent groups of users
  double session_seconds = 0;  // mean time that a user stays connected; 0: nobody comes or goes
  friend bool operator==(const load_plan&, const load_plan&) = default;
};

// The generator's account of itself. intended = on_time + late + the sum of not_sent.
struct generator_audit {
  std::uint64_t intended = 0;
  std::uint64_t on_time = 0;                                    // begun within 10 ms of the intended moment
  std::uint64_t late = 0;                                       // begun, but later
  std::vector<std::pair<std::string, std::uint64_t>> not_sent;  // by reason
  double late_share = 0;                                        // of intended, 0 to 1
  double late_share_limit = 0.01;
  double lag_p99_ms = 0;  // of the workers' loops behind their own clock
  double lag_max_ms = 0;
  double lag_limit_ms = 50;  // for lag_p99_ms
  double cores_busy = 0;     // of the machine, mean over the load; everything that ran on it counts
  std::uint32_t cores = 0;
  std::uint64_t waited_for_connection = 0;  // sends that found all connections waiting for the target
  bool kept_up = true;
  std::string problem;  // why not, one clause; empty when it kept up
  friend bool operator==(const generator_audit&, const generator_audit&) = default;
};

// How much of what was sent could be judged on a socket. A run needs enough of it.
struct coverage {
  std::uint64_t sent = 0;
  std::uint64_t owed = 0;             // had to come to a connected recipient, judged
  std::uint64_t uncertain = 0;        // could not be decided (sockets that ended in between)
  std::uint64_t offline = 0;          // recipient not connected: in history, not pushed
  std::uint64_t coming_or_going = 0;  // recipient's socket was just being opened or closed: at most once
  double owed_share = 0;              // owed / (owed + uncertain + missed in a declared warm-up)
  double owed_share_limit = 0.5;
  std::uint64_t owed_limit = 100;
  bool enough = true;
  std::string problem;  // empty when it was enough
  friend bool operator==(const coverage&, const coverage&) = default;
};

struct objective {
  std::string text;    // "lost = 0", "delivery.p99 < 50ms"
  std::string actual;  // "3", "71.2 ms"
  bool ok = false;
  bool standing = true;  // one of the default objectives; false: from --slo
  friend bool operator==(const objective&, const objective&) = default;
};

struct percentile_point {
  double percentile = 0;  // 0 to 100
  double value_ms = 0;
  friend bool operator==(const percentile_point&, const percentile_point&) = default;
};

struct distribution {
  std::uint64_t count = 0;
  double mean_ms = 0;
  double p50_ms = 0;
  double p90_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;
  double max_ms = 0;
  std::vector<percentile_point> curve;  // ascending, dense towards 100; empty when count is 0
  friend bool operator==(const distribution&, const distribution&) = default;
};

struct latency {
  std::string name;                // "ack", "delivery", "ready"
  std::string meaning;             // "from a send's intended start to the last byte of its answer"
  distribution from_intended;      // what users saw; replies that never came stand at their deadline
  distribution from_actual_start;  // uncorrected, for comparison only
  friend bool operator==(const latency&, const latency&) = default;
};

struct interval_latency {
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
  friend bool operator==(const interval_latency&, const interval_latency&) = default;
};

struct interval {
  double at = 0;  // its begin
  std::uint64_t intended = 0;
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::uint64_t unknown = 0;
  std::uint64_t delivered = 0;
  std::uint64_t online = 0;                  // sockets that were ready at its end
  std::optional<interval_latency> ack;       // nothing: nothing ended in it
  std::optional<interval_latency> delivery;  // the same
  friend bool operator==(const interval&, const interval&) = default;
};

struct load_result {
  load_plan plan;
  std::string cut_short;  // why it did not do all of its plan, one clause; empty: it did
  generator_audit generator;
  record::coverage coverage;
  std::vector<objective> objectives;
  std::vector<latency> latencies;
  double interval_seconds = 1;
  std::vector<interval> timeline;  // at most 1,200 intervals; longer runs have longer ones
  friend bool operator==(const load_result&, const load_result&) = default;
};

}  // namespace record

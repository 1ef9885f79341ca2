// What the runner tells a worker process, as one JSON document on the worker's standard input (a pipe, so that the
// target's secret is in no argument and no file).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

struct worker_plan {
  std::string run;  ///< the run's six characters and two of this worker's own: the run id of its tags
  std::uint64_t seed = 1;
  std::string target_text;                     ///< the target file
  std::string target_name;                     ///< what its errors call it
  std::vector<std::string> overrides;          ///< "key=value", as from --set
  std::optional<std::string> printed_users{};  ///< what users.command printed, when there is one
  std::string connections{};                   ///< client::transport::options as JSON; empty: the defaults
  std::vector<std::string> cases;              ///< ids to run, in this order; the worker's GoogleTest shards them
  std::string trace_file;                      ///< where the shard's trace goes, rewritten after each case
  std::string created_file;                    ///< where it says what its users made on the target; empty: nowhere
  std::string log_file;                        ///< standard output and error of the worker
  std::uint32_t first_number = 0;              ///< users, chats and sockets of this worker are numbered from here
  std::uint32_t first_row = 0;  ///< of the target's own users, where it has some; and how far apart its rows are
  std::uint32_t row_step = 1;
  std::chrono::nanoseconds epoch{};  ///< the run's start on the monotonic clock, time zero of the trace
  std::chrono::milliseconds patience{10'000};
  int shard = 0;
  int shards = 1;
};

std::string to_json(const worker_plan& plan);

/// Throws std::exception on text that to_json did not write.
worker_plan plan_from_json(std::string_view text);

}  // namespace conformance

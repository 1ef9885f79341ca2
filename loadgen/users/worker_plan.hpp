// What the runner tells a worker process: first its plan, one line of JSON on its standard input (a pipe, so that the
// target's secret is in no argument and no file), later `start` and `stop` lines.
#pragma once

#include "loadgen/plan/schedule.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

struct worker_plan {
  std::string run;  // the run id of all tags
  load_shape shape;
  std::uint32_t users = 2;  // of the whole run
  std::uint32_t first_cell = 0;
  std::uint32_t cells = 1;                // from first_cell on, this worker's
  std::chrono::milliseconds duration{0};  // of sending
  std::chrono::milliseconds patience{10'000};
  std::uint32_t connections = 64;              // kept alive for HTTP, shared by its users
  std::uint32_t body_bytes = 100;              // of a message; at least its tag
  double connects_per_second = 0;              // of sockets while everybody comes, this worker's share; 0: no limit
  double requests_per_second = 0;              // while chats are made, this worker's share; 0: no limit
  std::string target_text;                     // the target file
  std::string target_name;                     // what its errors call it
  std::vector<std::string> overrides;          // "key=value", as from --set
  std::optional<std::string> printed_users{};  // what users.command printed, when there is one
  std::string connection_options{};            // client::transport::options as JSON; empty: the defaults
  std::string folder;                          // of the run: traces and findings go there
  std::string created_file{};                  // what users made on the target goes there; empty: nowhere
  std::uint32_t number = 0;                    // of the worker
  bool full_trace = false;                     // keep every event, not only those around findings
};

std::string to_json(const worker_plan& plan);

// Throws std::exception on text that to_json did not write.
worker_plan plan_from_json(std::string_view text);

// The lines that follow.
struct command {
  enum class what : std::uint8_t { start, stop } kind = what::stop;
  std::chrono::nanoseconds at{};  // of start: when the load begins, on the machine's monotonic clock
};
std::string start_line(std::chrono::nanoseconds at);
std::string stop_line();
std::optional<command> read_command(std::string_view line);

}  // namespace loadgen

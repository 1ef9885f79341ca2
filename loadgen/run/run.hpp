// The processes of a load run: starts the workers, gives the start signal when all of them are ready, adds up what they
// report, and ends them. Knows nothing of verdicts.
#pragma once

#include "loadgen/users/report_lines.hpp"
#include "loadgen/users/worker_plan.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace loadgen {

// How far the run is, for people; told at least every second while something goes on.
struct load_progress {
  std::string phase;  // "making chats", "connecting", "load", "draining", "reading histories"
  std::uint64_t done = 0;
  std::uint64_t of = 0;
  // While the load goes on: the last whole interval.
  std::optional<interval_report> interval;
};

struct run_options {
  worker_plan plan;               // of the whole run: cells and folders are dealt out here
  std::uint32_t workers = 1;      // at most as many as there are cells
  std::filesystem::path program;  // rollcall-users
  std::filesystem::path logs;
  std::chrono::milliseconds timeout{0};  // of the whole run, then an orderly stop; 0: none
  int interrupt_fd = -1;                 // a signalfd: once is stop in order, twice at once
  std::function<void(const load_progress&)> on_progress;
  std::function<void(const interval_report&)> on_interval;  // each one, merged over all workers, in order
};

enum class cut_short : std::uint8_t { no, interrupted, terminated, timed_out };

struct collected {
  std::optional<final_report> sums;  // of all workers; nothing when one of them did not get that far
  std::string failed;                // why the target made the run impossible; empty: it did not
  std::vector<std::string> deaths;   // of workers, clauses
  cut_short reason = cut_short::no;
  bool started = false;      // the load began
  std::uint64_t online = 0;  // when it did
  double seconds = 0;        // of the load as far as it went, without the drain
  double cores_busy = 0;     // of the machine while it went on
};

collected run_load(const run_options& options);

}  // namespace loadgen

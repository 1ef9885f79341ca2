// A conformance run: deals the selected cases to worker processes, runs exclusive ones alone afterwards, runs
// inconclusive and failing ones again, and collects what the workers said. Decides nothing; verdict.hpp does.
#pragma once

#include "conformance/runner/case_record.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// Why a run ended before all cases had run.
enum class cut_short { no, interrupted, terminated, timed_out };

struct collected {
  std::vector<case_record> cases;                  ///< the last attempt of each case that was begun
  std::vector<case_record> repeats;                ///< further attempts of cases that failed
  std::vector<std::filesystem::path> trace_files;  ///< of every shard and round that wrote one
  std::vector<std::string> not_begun;              ///< cut short before they could start
  std::vector<stray> strays;
  std::vector<std::string> deaths;  ///< one sentence for each worker that died
  cut_short reason = cut_short::no;
};

/// Picks cases out of what has been seen so far.
using choice_of_cases = std::function<std::vector<std::string>(const collected&)>;

struct run_options {
  std::filesystem::path program;  ///< rollcall-cases
  std::string run;                ///< the run's id
  std::uint64_t seed = 1;
  std::string target_text;  ///< the target file, and what its errors call it
  std::string target_name;
  std::vector<std::string> overrides;
  std::optional<std::string> printed_users{};  ///< what users.command printed, when there is one
  std::string connections{};                   ///< client::transport::options as JSON; empty: the defaults
  std::vector<std::string> cases;              ///< case ids (variants written out), in the contract's order; not empty
  int workers = 4;                             ///< processes at once, 1..64
  std::filesystem::path traces;                ///< folder for one trace file per shard
  std::filesystem::path created{};             ///< the file for what users made on the target; empty: none
  std::filesystem::path logs;                  ///< folder for one log file per worker
  std::chrono::nanoseconds epoch{};            ///< time zero of all traces, on the monotonic clock
  std::chrono::milliseconds patience{10'000};
  std::chrono::milliseconds timeout{0};  ///< of the whole run, then an orderly stop; 0: none
  int interrupt_fd = -1;                 ///< a signalfd of SIGINT and SIGTERM: once is an orderly stop, twice at once
  int retries = 2;                       ///< of inconclusive cases
  choice_of_cases inconclusive{};        ///< those to run again; empty: all that say so themselves
  int repeats = 0;                       ///< of failing cases, to tell "always" from "sometimes"
  choice_of_cases failing{};             ///< those to repeat; empty: none
  std::chrono::milliseconds repeats_time{10'000};  ///< no further repeat when all together would take longer
  std::function<void(const case_record&, std::size_t done, std::size_t all)> on_case{};  ///< progress, may be empty
};

/// Runs them all on the calling thread. Throws std::system_error when no worker can be started.
collected run_cases(const run_options& options);

}  // namespace conformance

// A whole conformance run: cases are run, their traces judged, and one result is made of it all. The caller has the
// target up and the run directory open, and decides what to show.
#pragma once

#include "conformance/runner/run.hpp"
#include "harness/client/target/target.hpp"
#include "harness/record/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace conformance {

struct conform_request {
  run_options run;        ///< what to run and where its files go
  client::target target;  ///< what run.target_text says
  std::string suite = "gate";
  bool strict = false;  ///< a SHOULD that does not hold fails the run
  std::string rollcall_version;
  std::string command;  ///< as typed, masked
};

/// Ids whose name matches one of the globs ("RT-*", "OFF-02", "AUTH-02[expired]"; an id without a variant means all of
/// its variants), less those that match `skip`. In the contract's order. Empty `only` means all.
std::vector<std::string> select_cases(const std::vector<std::string>& only, const std::vector<std::string>& skip);

/// Runs on the calling thread. Everything but started, target and machine is filled in by what was seen.
record::result conform(const conform_request& request);

}  // namespace conformance

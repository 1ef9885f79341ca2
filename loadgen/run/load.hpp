// A whole load run: the workers simulate, their reports are added up, and one result is made of it all. The caller has
// the target up and the run directory open, and decides what to show.
#pragma once

#include "harness/client/target/target.hpp"
#include "harness/record/result.hpp"
#include "loadgen/run/objective.hpp"
#include "loadgen/run/run.hpp"

#include <string>
#include <vector>

namespace loadgen {

struct load_request {
  run_options run;                    // on_interval is this function's own
  client::target target;              // what run.plan.target_text says
  std::vector<objective> objectives;  // of --slo; the standing ones are added
  double late_share_limit = 0.01;
  double lag_limit_ms = 50;
  double owed_share_limit = 0.5;
  std::uint64_t owed_limit = 100;
  std::string rollcall_version;
  std::string command;  // as typed, masked
};

record::load_plan describe_plan(const load_request& request);

// Runs on the calling thread. Writes latency.hlog and the workers' findings into run.plan.folder.
record::result load(const load_request& request);

}  // namespace loadgen

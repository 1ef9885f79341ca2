#include "loadgen/run/load.hpp"

#include "harness/declared/exceptions_of.hpp"
#include "harness/record/describe.hpp"
#include "harness/record/exit_code.hpp"
#include "harness/record/hlog.hpp"
#include "loadgen/plan/population.hpp"
#include "loadgen/run/audit.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>

namespace loadgen {

namespace {

using record::run_verdict;

constexpr std::uint64_t most_intervals = 1200;

// The run's intervals as they come, written to the .hlog and kept for the result; several become one when there are
// more than a result holds.
class timeline {
 public:
  timeline(const worker_plan& plan, std::chrono::system_clock::time_point started)
      : log_(plan.folder + "/latency.hlog"),
        together_(static_cast<std::uint64_t>(
            std::ceil(std::chrono::duration<double>(plan.duration + 3 * plan.patience).count() / most_intervals))) {
    log_ << record::hlog_head(started);
  }

  void take(const interval_report& interval) {
    const auto at = static_cast<double>(interval.number);
    log_ << record::hlog_line("ack", at, 1, interval.ack) << record::hlog_line("delivery", at, 1, interval.delivery)
         << std::flush;
    if (interval.number % together_ == 0) close();
    if (!open_) {
      open_ = interval;
    } else {
      open_->add(interval);
      open_->online = interval.online;
    }
  }

  std::vector<record::interval> finish() {
    close();
    log_.flush();
    return std::move(out_);
  }

  double interval_seconds() const { return static_cast<double>(together_); }

 private:
  void close() {
    if (!open_) return;
    out_.push_back({.at = static_cast<double>(open_->number),
                    .intended = open_->intended,
                    .sent = open_->sent,
                    .acknowledged = open_->acknowledged,
                    .refused = open_->refused,
                    .unknown = open_->unknown,
                    .delivered = open_->delivered,
                    .online = open_->online,
                    .ack = record::describe_interval(open_->ack),
                    .delivery = record::describe_interval(open_->delivery)});
    open_.reset();
  }

  std::ofstream log_;
  std::uint64_t together_;
  std::optional<interval_report> open_;
  std::vector<record::interval> out_;
};

std::string why_cut_short(const collected& seen) {
  if (!seen.failed.empty()) return seen.failed;
  if (!seen.deaths.empty()) return seen.deaths.front();
  switch (seen.reason) {
    case cut_short::no:
      return {};
    case cut_short::interrupted:
      return "interrupted";
    case cut_short::terminated:
      return "terminated";
    case cut_short::timed_out:
      return "the time of --timeout was over";
  }
  return {};
}

run_verdict verdict_of(const load_request& request, const collected& seen, const record::load_result& load) {
  if (seen.reason == cut_short::interrupted || seen.reason == cut_short::terminated) return run_verdict::interrupted;
  if (!seen.failed.empty()) return run_verdict::target;
  if (!seen.deaths.empty() || !seen.sums)
    return seen.reason == cut_short::timed_out ? run_verdict::inconclusive : run_verdict::internal;
  if (load.coverage.sent == 0) return run_verdict::nothing_checked;
  // A generator that did not keep up distorts latencies, but not what the ledger saw.
  for (std::size_t i = 0; i < load.objectives.size(); ++i) {
    const bool of_time = !load.objectives[i].standing && is_latency(request.objectives[i]);
    if (!load.objectives[i].ok && (load.generator.kept_up || !of_time)) return run_verdict::findings;
  }
  if (!load.generator.kept_up || !load.coverage.enough || seen.reason == cut_short::timed_out) {
    return run_verdict::inconclusive;
  }
  return run_verdict::passed;
}

}  // namespace

record::load_plan describe_plan(const load_request& request) {
  const worker_plan& plan = request.run.plan;
  const auto cells = make_cells(plan.users);
  return {.users = plan.users,
          .chats = cells.back().first_chat + cells.back().chats,
          .online = plan.shape.online,
          .rate = plan.shape.rate,
          .arrivals = plan.shape.kind == arrival_kind::poisson ? "poisson" : "constant",
          .seconds = std::chrono::duration<double>(plan.duration).count(),
          .workers = std::min<std::uint32_t>(request.run.workers, static_cast<std::uint32_t>(cells.size())),
          .cells = static_cast<std::uint32_t>(cells.size()),
          .session_seconds = std::chrono::duration<double>(plan.shape.session).count()};
}

record::result load(const load_request& request) {
  record::result result;
  const auto started = std::chrono::system_clock::now();
  result.kind = "load";
  result.target = {.name = request.target.name,
                   .version = request.target.version,
                   .address = request.target.base_urls.front().authority()};
  result.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(started));
  result.seed = request.run.plan.shape.seed;
  result.versions = {.rollcall = request.rollcall_version, .contract = "1"};
  result.machine = record::this_machine();
  result.command = request.command;

  const auto began = std::chrono::steady_clock::now();
  timeline intervals(request.run.plan, started);
  run_options options = request.run;
  options.on_interval = [&](const interval_report& each) { intervals.take(each); };
  collected seen = run_load(options);

  const final_report sums = seen.sums.value_or(final_report{});
  record::load_result load;
  load.plan = describe_plan(request);
  load.cut_short = why_cut_short(seen);
  load.generator = audit(sums, request.late_share_limit, request.lag_limit_ms, seen.cores_busy, result.machine.cores);
  load.coverage = cover(sums, request.owed_share_limit, request.owed_limit);
  for (const auto& each : request.objectives) load.objectives.push_back(judge(each, sums));
  for (const auto& each : standing_objectives()) load.objectives.push_back(judge(each, sums));
  load.latencies = describe_latencies(sums);
  load.interval_seconds = intervals.interval_seconds();
  load.timeline = intervals.finish();
  result.ledger = sums.ledger;
  result.exceptions = declared::exceptions_of(request.target);
  result.verdict = verdict_of(request, seen, load);
  result.exit_code = static_cast<int>(seen.reason == cut_short::terminated ? record::exit_code::terminated
                                                                           : record::exit_code_of(result.verdict));
  result.load = std::move(load);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace loadgen

#include "conformance/runner/conform.hpp"

#include "conformance/contract/requirement.hpp"
#include "conformance/runner/circumstance.hpp"
#include "conformance/runner/verdict.hpp"
#include "harness/declared/exceptions_of.hpp"
#include "harness/ledger/judge.hpp"
#include "harness/record/exit_code.hpp"
#include "harness/record/ledger_summary.hpp"
#include "harness/record/trace_file.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <fstream>

namespace conformance {

namespace {

using record::requirement_verdict;
using record::run_verdict;

bool matches(const std::string& id, const std::vector<std::string>& globs) {
  return std::ranges::any_of(globs, [&](std::string glob) {
    // A variant's brackets are no character class.
    for (std::size_t at = 0; (at = glob.find('[', at)) != std::string::npos; at += 2) glob.insert(at, "\\");
    const std::string base(base_id(id));
    return ::fnmatch(glob.c_str(), id.c_str(), 0) == 0 || ::fnmatch(glob.c_str(), base.c_str(), 0) == 0;
  });
}

/// The verdicts of all traces, in words. A trace that cannot be read belongs to a worker that died before it wrote one.
void judge_traces(const collected& of, evidence& into, record::ledger_summary& summary) {
  for (const auto& file : of.trace_files) {
    std::ifstream in(file);
    const auto stored = record::read_trace(in);
    if (!stored.value) {
      into.deaths.push_back(fmt::format("{}: {}", file.filename().string(), stored.problem));
      continue;
    }
    const auto& trace = stored.value->trace;
    const auto verdict = ledger::judge(trace, stored.value->declared);
    record::add(summary, record::summarise(verdict, trace, file.filename().string()));
    const surroundings around(trace);
    for (const auto& each : verdict.findings) {
      const auto user = each.user      ? trace.name(*each.user)
                        : each.message ? trace.name(trace.key(*each.message).sender)
                                       : std::string_view();
      into.findings.push_back({.kind = each.kind,
                               .user = std::string(user),
                               .sentence = ledger::sentence(each, trace),
                               .when = around.of(each)});
    }
  }
  for (const auto& each : of.strays) {
    const std::string sentence =
        fmt::format("a message of other users came to a socket of {}: {}", each.user, each.body);
    into.findings.push_back(
        {.kind = ledger::finding_class::misrouted, .user = each.user, .sentence = sentence, .when = {}});
    record::finding found;
    found.kind = ledger::name(ledger::finding_class::misrouted);
    found.sentence = sentence;
    found.user = each.user;
    found.at = std::chrono::duration<double>(each.at).count();
    summary.findings.push_back(std::move(found));
  }
}

/// What the target file decides before anything is run.
evidence declared(const client::target& target, const std::vector<std::string>& selected) {
  evidence known;
  known.selected = selected;
  known.deviations = target.deviations;
  const bool replays = target.claims("replay");
  const auto forbids_broadcasts = [](std::string_view id) {
    return id == "ISO-01" || id == "ISO-02" || id == "AUTH-10";
  };
  for (const auto& id : selected) {
    const requirement& of = *find_requirement(id);
    if (!of.gate.empty() && !target.claims(of.gate)) {
      known.not_claimed[id] = fmt::format("the target file does not claim {}", of.gate);
    } else if (replays && (of.id == "OFF-02" || of.id == "OFF-03" || of.id == "OFF-04")) {
      known.by_design[id] = "the target file declares delivery.offline: replay";
    } else if (target.delivery.everyone && forbids_broadcasts(of.id)) {
      known.by_design[id] = fmt::format("the target file declares delivery.to: everyone ({})",
                                        target.deviations.contains("ISO-01") ? target.deviations.at("ISO-01") : "");
    }
  }
  return known;
}

/// What is known once these cases have run.
judgement judge_so_far(const evidence& known, const collected& run, record::ledger_summary& summary) {
  evidence seen = known;
  seen.cases = run.cases;
  seen.repeats = run.repeats;
  seen.deaths = run.deaths;
  judge_traces(run, seen, summary);
  return judge_cases(seen);
}

choice_of_cases all_that_are(requirement_verdict word, const evidence& known) {
  return [word, &known](const collected& run) {
    record::ledger_summary unused;
    std::vector<std::string> ids;
    for (const auto& each : judge_so_far(known, run, unused).requirements) {
      if (each.verdict == word) ids.push_back(record::full_id(each));
    }
    return ids;
  };
}

run_verdict verdict_of(const record::result& result, const collected& run, std::size_t left_over, bool strict) {
  const auto any = [&](requirement_verdict word) {
    return std::ranges::count(result.requirements, word, &record::requirement::verdict) > 0;
  };
  if (run.reason == cut_short::interrupted || run.reason == cut_short::terminated) return run_verdict::interrupted;
  if (any(requirement_verdict::error)) return run_verdict::internal;
  if (any(requirement_verdict::fail) || left_over > 0) return run_verdict::findings;
  if (strict && any(requirement_verdict::warning)) return run_verdict::findings;
  if (any(requirement_verdict::inconclusive) || !run.not_begun.empty()) return run_verdict::inconclusive;
  if (!any(requirement_verdict::pass) && !any(requirement_verdict::warning)) return run_verdict::nothing_checked;
  return run_verdict::passed;
}

}  // namespace

std::vector<std::string> select_cases(const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  std::vector<std::string> selected;
  const auto take = [&](const std::string& id) {
    if ((only.empty() || matches(id, only)) && !matches(id, skip)) selected.push_back(id);
  };
  for (const auto& each : all_requirements()) {
    if (each.variants.empty()) take(std::string(each.id));
    for (const auto& variant : each.variants) take(fmt::format("{}[{}]", each.id, variant));
  }
  return selected;
}

record::result conform(const conform_request& request) {
  record::result result;
  result.kind = "conform";
  result.suite = request.suite;
  result.target = {.name = request.target.name,
                   .version = request.target.version,
                   .address = request.target.base_urls.front().authority()};
  result.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now()));
  result.seed = request.run.seed;
  result.versions = {.rollcall = request.rollcall_version, .contract = "1"};
  result.machine = record::this_machine();
  result.command = request.command;

  const auto began = std::chrono::steady_clock::now();
  const evidence known = declared(request.target, request.run.cases);
  run_options options = request.run;
  std::erase_if(options.cases,
                [&](const std::string& id) { return known.not_claimed.contains(id) || known.by_design.contains(id); });
  options.inconclusive = all_that_are(requirement_verdict::inconclusive, known);
  options.failing = all_that_are(requirement_verdict::fail, known);
  const collected run = run_cases(options);
  judgement judged = judge_so_far(known, run, result.ledger);
  result.exceptions = declared::exceptions_of(request.target);
  result.requirements = std::move(judged.requirements);
  for (auto& each : result.requirements) {
    each.reproduce = fmt::format("rollcall conform -t {} --only '{}'", request.run.target_name, record::full_id(each));
  }
  result.verdict = verdict_of(result, run, judged.left_over.size(), request.strict);
  result.exit_code = static_cast<int>(run.reason == cut_short::terminated ? record::exit_code::terminated
                                                                          : record::exit_code_of(result.verdict));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace conformance

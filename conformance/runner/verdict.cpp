#include "conformance/runner/verdict.hpp"

#include "conformance/runner/attribution.hpp"
#include "conformance/runner/blocking.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace conformance {

namespace {

using verdict_word = record::requirement_verdict;

record::requirement described(const std::string& id) {
  const requirement& from = *find_requirement(id);
  record::requirement into;
  into.id = from.id;
  if (id.size() > from.id.size()) into.variant = id.substr(from.id.size() + 1, id.size() - from.id.size() - 2);
  into.title = from.title;
  into.text = from.text;
  into.level = from.force;
  into.tier = from.belongs_to;
  into.impact = from.touches;
  into.gate = from.gate;
  into.likely_cause = fmt::format("{} (usually in the {})", from.causes, word(from.usual_owner));
  return into;
}

/// What the case's own record and findings say, without regard to other cases.
void judge_one(record::requirement& into, const case_record* record, const std::vector<ledger_report>& findings,
               const evidence& of) {
  bool broken_must = false;
  bool broken_should = false;
  if (record != nullptr) {
    into.seconds = record->seconds;
    into.trials.n = static_cast<std::uint64_t>(record->trials);
    for (const auto& each : record->checks) {
      into.checks.push_back({.what = each.what, .expected = each.expected, .actual = each.actual, .ok = each.ok});
      if (!each.ok) (each.force == level::must ? broken_must : broken_should) = true;
    }
  }
  for (const auto& each : findings) {
    into.checks.push_back({.what = "delivery of every message, judged by the ledger",
                           .expected = std::string(find_requirement(into.id)->text),
                           .actual = each.sentence,
                           .ok = false});
    broken_must = true;
  }
  into.trials.failed = findings.size();

  // The gate is red about what every chat owes and about what this one claims.
  const bool should_only = into.level == level::should || into.tier == record::tier::hardening;
  if (broken_must && !should_only) {
    into.verdict = verdict_word::fail;
  } else if (record == nullptr) {
    // Its worker said nothing of it: either the run was stopped before, or the worker died before it could.
    into.verdict = of.deaths.empty() ? verdict_word::not_run : verdict_word::error;
    into.reason = of.deaths.empty() ? "the run was cut short" : of.deaths.front();
  } else if (!record->ended) {
    into.verdict = verdict_word::error;
    into.reason = of.deaths.empty() ? "its worker died" : of.deaths.front();
  } else if (record->not_run) {
    into.verdict = verdict_word::not_run;
    into.reason = *record->not_run;
  } else if (record->inconclusive) {
    into.verdict = verdict_word::inconclusive;
    into.reason = *record->inconclusive;
  } else if (broken_must || broken_should) {
    into.verdict = verdict_word::warning;
  } else if (record->trials == 0) {
    into.verdict = verdict_word::inconclusive;
    into.reason = "nothing was put to the test";
  } else {
    into.verdict = verdict_word::pass;
    into.reason = record->remark.value_or("");
  }
}

bool attempt_failed(const case_record& attempt, const std::vector<ledger_report>& findings) {
  return std::ranges::any_of(attempt.checks, [](const check& each) { return !each.ok && each.force == level::must; }) ||
         std::ranges::any_of(
             findings, [&](const ledger_report& each) { return std::ranges::count(attempt.users, each.user) > 0; });
}

/// "fails 3 of 10": how a failure that was tried again behaves.
void tell_attempts(record::requirement& into, const case_record* first, const std::vector<ledger_report>& findings,
                   const evidence& of) {
  if (into.verdict != verdict_word::fail || first == nullptr) return;
  const std::string id = record::full_id(into);
  int attempts = 1;
  int failures = attempt_failed(*first, findings) ? 1 : 0;
  for (const auto& each : of.repeats) {
    if (each.id != id || !each.ended || each.inconclusive) continue;
    ++attempts;
    failures += attempt_failed(each, findings) ? 1 : 0;
  }
  if (attempts == 1) return;
  into.reason = failures == 0
                    ? fmt::format("seen in other cases; its own held in {} of {} attempts", attempts, attempts)
                    : fmt::format("fails {} of {} attempts", failures, attempts);
}

/// What the target file says about itself: a failure that is by design, a case that was not run for it.
void apply_declarations(record::requirement& into, const evidence& of) {
  const std::string id = record::full_id(into);
  if (const auto found = of.not_claimed.find(id); found != of.not_claimed.end()) {
    into.verdict = verdict_word::not_claimed;
    into.reason = found->second;
  } else if (const auto decided = of.by_design.find(id); decided != of.by_design.end()) {
    // What the ledger finds under these rules is not what was declared.
    const bool beyond = into.trials.failed > 0;
    if (!beyond) into.verdict = verdict_word::deviation;
    into.reason = (beyond ? "beyond this: " : "") + decided->second;
  } else if (into.verdict == verdict_word::fail || into.verdict == verdict_word::warning) {
    auto declared = of.deviations.find(id);
    if (declared == of.deviations.end()) declared = of.deviations.find(into.id);
    if (declared == of.deviations.end()) return;
    into.verdict = verdict_word::deviation;
    into.reason = declared->second;
  }
}

}  // namespace

judgement judge_cases(const evidence& of) {
  judgement result;
  findings_by_case findings;
  losses lost;
  const attribution to(of);
  for (const auto& each : of.findings) {
    const auto id = to.case_of(each);
    if (id) {
      findings[*id].push_back(each);
    } else {
      result.left_over.push_back(each);
    }
    const auto own = to.own_case(each);
    if (id && own && each.kind == ledger::finding_class::lost) lost.try_emplace(*own, *id);
  }
  for (const auto& id : of.selected) {
    const auto record = std::ranges::find(of.cases, id, &case_record::id);
    const case_record* told = record == of.cases.end() ? nullptr : &*record;
    auto& into = result.requirements.emplace_back(described(id));
    judge_one(into, told, findings[id], of);
    tell_attempts(into, told, findings[id], of);
    apply_declarations(into, of);
  }
  block(result.requirements, findings, lost);
  return result;
}

}  // namespace conformance

#include "conformance/runner/verdict.hpp"

#include "conformance/contract/requirement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace conformance {

namespace {

using verdict_word = record::requirement_verdict;

bool names(const requirement& which, ledger::finding_class kind) {
  return std::ranges::count(which.findings, kind) > 0;
}

/// The case to which a finding belongs: an index into the selected ones, or none.
class attribution {
 public:
  explicit attribution(const evidence& of) : of_(of) {
    for (const auto& record : of.cases) {
      for (const auto& user : record.users) case_of_user_[user] = record.id;
    }
  }

  std::optional<std::string> case_of(const ledger_report& finding) const {
    if (const auto own = case_of_user_.find(finding.user); own != case_of_user_.end()) {
      if (names(*find_requirement(own->second), finding.kind)) return own->second;
    }
    for (const auto& each : all_requirements()) {
      if (!names(each, finding.kind)) continue;
      const auto home = std::ranges::find(of_.selected, each.id, base_id);
      if (home != of_.selected.end()) return *home;
      return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  const evidence& of_;
  std::map<std::string, std::string> case_of_user_;
};

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

  const bool should_only = find_requirement(into.id)->force == level::should;
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
  }
}

bool failed(verdict_word word) {
  return word == verdict_word::fail || word == verdict_word::error;
}

/// One cause, one red: what did not pass and depends on something that failed is blocked by it. A finding of the ledger
/// that is the case's own stays: it is seen, not concluded from something that may be missing.
void block(std::vector<record::requirement>& all, const std::map<std::string, std::vector<ledger_report>>& findings) {
  for (auto& each : all) {
    if (each.verdict == verdict_word::pass || each.verdict == verdict_word::not_run) continue;
    if (each.verdict == verdict_word::error || findings.contains(record::full_id(each))) continue;
    for (const auto& needed : find_requirement(each.id)->depends_on) {
      const auto blocker = std::ranges::find_if(all, [&](const record::requirement& other) {
        return other.id == needed && (failed(other.verdict) || other.verdict == verdict_word::blocked);
      });
      if (blocker == all.end()) continue;
      each.verdict = verdict_word::blocked;
      each.blocked_by = blocker->verdict == verdict_word::blocked ? blocker->blocked_by : record::full_id(*blocker);
      break;
    }
  }
}

}  // namespace

judgement judge_cases(const evidence& of) {
  judgement result;
  std::map<std::string, std::vector<ledger_report>> findings;
  const attribution to(of);
  for (const auto& each : of.findings) {
    if (const auto id = to.case_of(each)) {
      findings[*id].push_back(each);
    } else {
      result.left_over.push_back(each);
    }
  }
  for (const auto& id : of.selected) {
    const auto record = std::ranges::find(of.cases, id, &case_record::id);
    auto& into = result.requirements.emplace_back(described(id));
    judge_one(into, record == of.cases.end() ? nullptr : &*record, findings[id], of);
    if (findings[id].empty()) findings.erase(id);
  }
  block(result.requirements, findings);
  return result;
}

}  // namespace conformance

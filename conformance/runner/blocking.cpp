#include "conformance/runner/blocking.hpp"

#include <algorithm>

namespace conformance {

namespace {

using verdict_word = record::requirement_verdict;

bool failed(const record::requirement& each) {
  return each.verdict == verdict_word::fail || each.verdict == verdict_word::error;
}

bool can_be_blocked(const record::requirement& each) {
  return each.verdict == verdict_word::fail || each.verdict == verdict_word::warning ||
         each.verdict == verdict_word::inconclusive;
}

bool same_symptoms(const std::vector<ledger_report>& seen, const std::vector<ledger_report>& by_other) {
  return std::ranges::all_of(seen, [&](const ledger_report& each) {
    return std::ranges::count(by_other, each.kind, &ledger_report::kind) > 0;
  });
}

/// Whether its promise is about losses: then it did not hold, whoever is to blame.
bool is_about_losses(const record::requirement& each) {
  return std::ranges::count(find_requirement(each.id)->findings, ledger::finding_class::lost, &breach::kind) > 0;
}

const std::vector<ledger_report>& findings_of(const record::requirement& one, const findings_by_case& findings) {
  static const std::vector<ledger_report> none;
  const auto found = findings.find(record::full_id(one));
  return found == findings.end() ? none : found->second;
}

void block_one(record::requirement& each, const record::requirement& blocker) {
  each.verdict = verdict_word::blocked;
  each.reason.clear();
  each.blocked_by = record::full_id(blocker);
}

}  // namespace

void block(std::vector<record::requirement>& all, const findings_by_case& findings, const losses& lost) {
  for (auto& each : all) {
    const auto home = lost.find(record::full_id(each));
    if (home == lost.end() || home->second == home->first) continue;
    const bool open = each.verdict == verdict_word::inconclusive;
    if (!open && !(each.verdict == verdict_word::pass && is_about_losses(each))) continue;
    const auto blocker = std::ranges::find(all, home->second, record::full_id);
    if (blocker != all.end() && failed(*blocker)) block_one(each, *blocker);
  }
  for (auto& each : all) {
    if (!can_be_blocked(each)) continue;
    for (const auto& needed : find_requirement(each.id)->depends_on) {
      const auto next = std::ranges::find_if(all, [&](const record::requirement& other) {
        return other.id == needed && (failed(other) || other.verdict == verdict_word::blocked);
      });
      if (next == all.end()) continue;
      const auto root =
          next->verdict == verdict_word::blocked ? std::ranges::find(all, next->blocked_by, record::full_id) : next;
      if (!same_symptoms(findings_of(each, findings), findings_of(*root, findings))) continue;
      block_one(each, *root);
      break;
    }
  }
}

}  // namespace conformance

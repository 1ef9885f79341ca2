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

using requirements = std::vector<record::requirement>;

/// What blocks a blocked one, else it itself; nullptr when that has not failed.
const record::requirement* root_of(const record::requirement& one, const requirements& all) {
  if (one.verdict != verdict_word::blocked) return failed(one) ? &one : nullptr;
  const auto root = std::ranges::find(all, one.blocked_by, record::full_id);
  return root != all.end() && failed(*root) ? &*root : nullptr;
}

void block_by_dependencies(requirements& all, const findings_by_case& findings) {
  for (auto& each : all) {
    if (!can_be_blocked(each)) continue;
    for (const auto& needed : find_requirement(each.id)->depends_on) {
      const record::requirement* root = nullptr;
      for (const auto& other : all) {
        if (other.id == needed && root == nullptr) root = root_of(other, all);
      }
      if (root == nullptr || root == &each) continue;
      if (!same_symptoms(findings_of(each, findings), findings_of(*root, findings))) continue;
      block_one(each, *root);
      break;
    }
  }
}

void block_by_losses(requirements& all, const losses& lost) {
  for (auto& each : all) {
    const auto home = lost.find(record::full_id(each));
    if (home == lost.end() || home->second == home->first) continue;
    const bool open = each.verdict == verdict_word::inconclusive;
    if (!open && !(each.verdict == verdict_word::pass && is_about_losses(each))) continue;
    const auto blamed = std::ranges::find(all, home->second, record::full_id);
    if (blamed == all.end()) continue;
    if (const auto* root = root_of(*blamed, all)) block_one(each, *root);
  }
}

}  // namespace

void block(std::vector<record::requirement>& all, const findings_by_case& findings, const losses& lost) {
  block_by_dependencies(all, findings);
  block_by_losses(all, lost);
  block_by_dependencies(all, findings);  // of what was only now found to be blocked
}

}  // namespace conformance

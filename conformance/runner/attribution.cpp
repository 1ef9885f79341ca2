#include "conformance/runner/attribution.hpp"

#include <algorithm>

namespace conformance {

namespace {

bool names(const requirement& which, const ledger_report& finding, circumstance when) {
  return std::ranges::any_of(which.findings,
                             [&](const breach& each) { return each.kind == finding.kind && each.when == when; });
}

}  // namespace

attribution::attribution(const evidence& of) : of_(of) {
  for (const auto* records : {&of.cases, &of.repeats}) {
    for (const auto& record : *records) {
      for (const auto& user : record.users) case_of_user_[user] = record.id;
    }
  }
}

std::optional<std::string> attribution::own_case(const ledger_report& finding) const {
  const auto own = case_of_user_.find(finding.user);
  return own == case_of_user_.end() ? std::nullopt : std::optional(own->second);
}

std::optional<std::string> attribution::case_of(const ledger_report& finding) const {
  const auto own = own_case(finding);
  if (finding.when != circumstance::any) {
    if (own && names(*find_requirement(*own), finding, finding.when)) return own;
    if (auto home = first_naming(finding, finding.when)) return home;
  }
  if (own && names(*find_requirement(*own), finding, circumstance::any)) return own;
  return first_naming(finding, circumstance::any);
}

std::optional<std::string> attribution::first_naming(const ledger_report& finding, circumstance when) const {
  for (const auto& each : all_requirements()) {
    if (!names(each, finding, when)) continue;
    const auto home = std::ranges::find(of_.selected, each.id, base_id);
    if (home != of_.selected.end()) return *home;
    if (when == circumstance::any) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace conformance

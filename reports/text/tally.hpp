// Results counted and named in words, alike in every kind of report. Pure.
#pragma once

#include "harness/record/result.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reports {

/// The word that a report opens with: "PASS", "FAIL", "INCONCLUSIVE", …
std::string_view headline(record::run_verdict verdict);

/// "shop-chat@4f2c1e9 staging.example.com".
std::string title(const record::target& target);

/// "conform gate", "load".
std::string kind(const record::result& result);

std::size_t count(const record::result& result, record::requirement_verdict verdict);

/// How many requirements have one of those verdicts in at least one of their variants.
std::size_t count_requirements(const record::result& result,
                               std::initializer_list<record::requirement_verdict> verdicts);

/// Ids of those with that verdict, in the result's order.
std::vector<std::string> ids(const record::result& result, record::requirement_verdict verdict);

/// "15 passed, 1 blocked": every verdict that occurs, in a fixed order.
std::string counted(const record::result& result);

/// The same without those that passed; may be empty.
std::string counted_beside_passed(const record::result& result);

/// The ledger's findings by class, as often as they were counted (the result may hold only the first of each).
std::vector<std::pair<std::string, std::uint64_t>> findings_by_kind(const record::result& result);

/// "3 lost, 1 duplicated"; empty without findings.
std::string counted_findings(const record::result& result);

/// "RT-06, OFF-02 and 3 more".
std::string listed(const std::vector<std::string>& words, std::size_t at_most);

}  // namespace reports

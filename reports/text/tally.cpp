#include "reports/text/tally.hpp"

#include "reports/text/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace reports {

namespace {

using record::requirement_verdict;
using record::run_verdict;

struct wording {
  requirement_verdict verdict;
  std::string_view words;
};
constexpr std::array wordings{
    wording{requirement_verdict::pass, "passed"},
    wording{requirement_verdict::fail, "failed"},
    wording{requirement_verdict::error, "in error"},
    wording{requirement_verdict::warning, "warned"},
    wording{requirement_verdict::known_failure, "known"},
    wording{requirement_verdict::deviation, "deviations"},
    wording{requirement_verdict::blocked, "blocked"},
    wording{requirement_verdict::inconclusive, "inconclusive"},
    wording{requirement_verdict::not_claimed, "not claimed"},
    wording{requirement_verdict::not_run, "not run"},
};

std::string counted_from(const record::result& result, std::size_t first) {
  std::string text;
  for (auto each = wordings.begin() + static_cast<std::ptrdiff_t>(first); each != wordings.end(); ++each) {
    const auto n = count(result, each->verdict);
    if (n > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", n, each->words);
  }
  return text;
}

}  // namespace

std::string_view headline(run_verdict verdict) {
  switch (verdict) {
    case run_verdict::passed:
      return "PASS";
    case run_verdict::findings:
      return "FAIL";
    case run_verdict::usage:
      return "USAGE";
    case run_verdict::target:
      return "TARGET";
    case run_verdict::inconclusive:
      return "INCONCLUSIVE";
    case run_verdict::nothing_checked:
      return "NOTHING CHECKED";
    case run_verdict::internal:
      return "ERROR";
    case run_verdict::interrupted:
      return "INTERRUPTED";
  }
  return "";
}

std::string title(const record::target& target) {
  return target.version.empty() ? fmt::format("{} {}", target.name, target.address)
                                : fmt::format("{}@{} {}", target.name, target.version, target.address);
}

std::string kind(const record::result& result) {
  return result.suite.empty() ? result.kind : fmt::format("{} {}", result.kind, result.suite);
}

std::size_t count(const record::result& result, requirement_verdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(result.requirements, verdict, &record::requirement::verdict));
}

std::size_t count_requirements(const record::result& result, std::initializer_list<requirement_verdict> verdicts) {
  std::set<std::string_view> found;
  for (const auto& each : result.requirements) {
    if (std::ranges::find(verdicts, each.verdict) != verdicts.end()) found.insert(each.id);
  }
  return found.size();
}

std::vector<std::string> ids(const record::result& result, requirement_verdict verdict) {
  std::vector<std::string> found;
  for (const auto& each : result.requirements) {
    if (each.verdict == verdict) found.push_back(record::full_id(each));
  }
  return found;
}

std::string counted(const record::result& result) {
  return counted_from(result, 0);
}

std::string counted_beside_passed(const record::result& result) {
  return counted_from(result, 1);
}

std::vector<std::pair<std::string, std::uint64_t>> findings_by_kind(const record::result& result) {
  std::vector<std::pair<std::string, std::uint64_t>> found;
  for (const auto& each : result.ledger.findings) {
    const auto known = std::ranges::find(found, each.kind, &std::pair<std::string, std::uint64_t>::first);
    if (known == found.end()) {
      found.emplace_back(each.kind, 1);
    } else {
      ++known->second;
    }
  }
  for (auto& [name, number] : found) {
    const auto all = std::ranges::find(result.ledger.counts, name, &std::pair<std::string, std::uint64_t>::first);
    if (all != result.ledger.counts.end()) number = std::max(number, all->second);
  }
  return found;
}

std::string counted_findings(const record::result& result) {
  std::string text;
  for (const auto& [name, number] : findings_by_kind(result)) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(number), name);
  }
  return text;
}

std::string listed(const std::vector<std::string>& words, std::size_t at_most) {
  if (words.size() <= at_most) return fmt::format("{}", fmt::join(words, ", "));
  return fmt::format("{} and {} more",
                     fmt::join(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at_most), ", "),
                     words.size() - at_most);
}

}  // namespace reports

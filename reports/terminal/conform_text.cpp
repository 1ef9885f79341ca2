#include "reports/terminal/conform_text.hpp"

#include "reports/terminal/paint.hpp"
#include "reports/text/exceptions.hpp"
#include "reports/text/tally.hpp"
#include "reports/text/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace reports {

namespace {

using record::requirement_verdict;
using record::run_verdict;

std::string upper(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

void add_checks(std::string& text, const record::requirement& of) {
  constexpr std::size_t shown = 5;
  std::size_t broken = 0;
  for (const auto& check : of.checks) {
    if (check.ok || ++broken > shown) continue;
    text += fmt::format("  looked at  {}\n  expected   {}\n  actual     {}\n", visible(check.what),
                        visible(check.expected), visible(check.actual));
  }
  if (broken > shown) text += fmt::format("  and {} more in result.json\n", broken - shown);
}

}  // namespace

std::string opening_line(const record::target& target, const std::string& suite, std::size_t cases,
                         const std::string& run, std::uint64_t seed) {
  return fmt::format("conform {}  {}  {} {}, run {}, seed {}", suite, visible(title(target)), cases,
                     cases == 1 ? "case" : "cases", run, seed);
}

std::string table(const record::result& result, bool colour) {
  std::string text;
  for (const auto& each : result.requirements) {
    text += fmt::format("{}  {:<20} {}\n",
                        painted(fmt::format("{:<12}", record::word(each.verdict)), colour_of(each.verdict), colour),
                        record::full_id(each), each.title);
  }
  return text;
}

std::string details(const record::result& result, bool colour) {
  std::string text;
  for (const auto& each : result.requirements) {
    if (each.verdict == requirement_verdict::pass) continue;
    const auto heading = painted(upper(record::word(each.verdict)), colour_of(each.verdict), colour);
    if (each.verdict == requirement_verdict::blocked) {
      text += fmt::format("{}  {}  by {}\n\n", heading, record::full_id(each), each.blocked_by);
      continue;
    }
    text += fmt::format("{}  {}  {}\n", heading, record::full_id(each), each.text);
    add_checks(text, each);
    if (!each.reason.empty()) text += fmt::format("  because    {}\n", visible(each.reason));
    if (each.verdict == requirement_verdict::fail || each.verdict == requirement_verdict::warning) {
      if (each.trials.n > 0 && each.trials.failed > 0) {
        text += fmt::format("  trials     {} {} from {}\n", each.trials.failed,
                            each.trials.failed == 1 ? "finding" : "findings", each.trials.n);
      }
      text += fmt::format("  likely     {}\n  again      {}\n", each.likely_cause, each.reproduce);
    }
    text += "\n";
  }
  if (const auto beside = exceptions_sentence(result); !beside.empty()) text += visible(beside) + "\n\n";
  const bool explained = std::ranges::any_of(
      result.requirements, [](const auto& each) { return each.verdict == requirement_verdict::fail; });
  if (!explained) {
    for (const auto& each : result.ledger.findings) {
      text += fmt::format("{}  ledger: {}\n  {}\n\n", painted("FAIL", red, colour), each.kind, visible(each.sentence));
    }
  }
  return text;
}

std::string last_line(const record::result& result, const std::string& look_at, bool colour) {
  const bool passed = result.verdict == run_verdict::passed;
  std::string line = painted(headline(result.verdict), colour_of(result.verdict), colour);
  line += fmt::format("  {}  {}  ", kind(result), visible(title(result.target)));
  const auto failed = ids(result, requirement_verdict::fail);
  if (!failed.empty()) {
    line += fmt::format("{} MUST failed: {}", failed.size(), fmt::join(failed, ", "));
    line += fmt::format("  (rollcall explain {})", failed.front());
  } else if (result.verdict == run_verdict::findings && !result.ledger.findings.empty()) {
    line +=
        fmt::format("{} beside the selection: {}", result.ledger.findings.size(), result.ledger.findings.front().kind);
  } else {
    line += counted(result);
  }
  if (const auto excused = counted_exceptions(result); !excused.empty()) line += "; by declaration " + excused;
  if (!passed && !look_at.empty()) line += fmt::format("  {}", look_at);
  return line + fmt::format("  {:.0f} s", result.seconds);
}

}  // namespace reports

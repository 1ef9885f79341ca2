#include "reports/junit/junit.hpp"

#include "reports/text/quantity.hpp"
#include "reports/text/sentence.hpp"
#include "reports/text/tally.hpp"
#include "reports/text/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace reports {

namespace {

using record::requirement_verdict;

enum class outcome { passed, failure, error, skipped };

struct test_case {
  std::string name;
  double seconds = 0;
  outcome ended = outcome::passed;
  std::string type;     // the verdict's word
  std::string message;  // one line
  std::string text;     // more, may be empty
};

/// For text and attribute values alike; XML 1.0 has no control characters, and none are left by visible().
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

outcome outcome_of(requirement_verdict verdict) {
  switch (verdict) {
    case requirement_verdict::pass:
      return outcome::passed;
    case requirement_verdict::fail:
      return outcome::failure;
    case requirement_verdict::inconclusive:
    case requirement_verdict::error:
      return outcome::error;
    default:
      return outcome::skipped;
  }
}

std::vector<std::string> lines_of(const record::requirement& of) {
  constexpr std::size_t shown = 10;
  std::vector<std::string> lines{"Requirement: " + of.text};
  std::size_t broken = 0;
  for (const auto& each : of.checks) {
    if (each.ok || ++broken > shown) continue;
    lines.push_back("Looked at: " + each.what);
    lines.push_back("Expected: " + each.expected);
    lines.push_back("Actual: " + each.actual);
  }
  if (broken > shown) lines.push_back(fmt::format("and {} more", grouped(broken - shown)));
  if (!of.likely_cause.empty()) lines.push_back("Likely: " + of.likely_cause);
  if (!of.reproduce.empty()) lines.push_back("Again: " + of.reproduce);
  return lines;
}

test_case of_requirement(const record::requirement& of) {
  test_case out{record::full_id(of) + " " + of.title,  of.seconds, outcome_of(of.verdict),
                std::string(record::word(of.verdict)), of.reason,  {}};
  if (!of.blocked_by.empty())
    out.message = fmt::format("by {}{}{}", of.blocked_by, of.reason.empty() ? "" : ": ", of.reason);
  const auto broken = std::ranges::find(of.checks, false, &record::check::ok);
  if (out.message.empty() && broken != of.checks.end()) {
    out.message = fmt::format("{}: expected {}, actual {}", broken->what, broken->expected, broken->actual);
  }
  if (out.ended == outcome::failure || out.ended == outcome::error || of.verdict == requirement_verdict::warning) {
    for (const auto& line : lines_of(of)) out.text += xml(line) + "\n";
  }
  return out;
}

void add_load(std::vector<test_case>& cases, const record::load_result& of) {
  for (const auto& each : of.objectives) {
    cases.push_back({"objective " + each.text,
                     0,
                     each.ok ? outcome::passed : outcome::failure,
                     "objective",
                     fmt::format("expected {}, actual {}", each.text, each.actual),
                     {}});
  }
  cases.push_back({"the generator kept up", 0, of.generator.kept_up ? outcome::passed : outcome::error, "inconclusive",
                   of.generator.problem, xml(generator_sentence(of)) + "\n"});
  cases.push_back({"enough was judged",
                   0,
                   of.coverage.enough ? outcome::passed : outcome::error,
                   "inconclusive",
                   of.coverage.problem,
                   {}});
}

std::vector<test_case> cases_of(const record::result& of) {
  std::vector<test_case> cases;
  for (const auto& each : of.requirements) cases.push_back(of_requirement(each));
  if (of.load) add_load(cases, *of.load);
  const auto red = [](const test_case& each) { return each.ended == outcome::failure || each.ended == outcome::error; };
  // One cause is told once: findings that a requirement or an objective has told of already are not told again.
  const bool told = std::ranges::any_of(cases, red);
  if (of.verdict != record::run_verdict::passed && !told) {
    const bool broken = of.verdict == record::run_verdict::findings;
    std::string text;
    constexpr std::size_t shown = 20;
    for (std::size_t at = 0; at < std::min(shown, of.ledger.findings.size()); ++at) {
      text += xml(of.ledger.findings[at].sentence) + "\n";
    }
    cases.push_back({"the run", of.seconds, broken ? outcome::failure : outcome::error,
                     std::string(record::word(of.verdict)), sentence(of), text});
  }
  return cases;
}

std::string element(const test_case& of, std::string_view group) {
  const std::string head =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", xml(group), xml(of.name), of.seconds);
  if (of.ended == outcome::passed) return head + "/>\n";
  if (of.ended == outcome::skipped) {
    const std::string why = of.message.empty() ? of.type : fmt::format("{}: {}", of.type, of.message);
    const std::string more = of.text.empty() ? "" : "      <system-out>" + of.text + "</system-out>\n";
    return fmt::format("{}>\n      <skipped message=\"{}\"/>\n{}    </testcase>\n", head, xml(why), more);
  }
  const std::string_view tag = of.ended == outcome::failure ? "failure" : "error";
  return fmt::format("{}>\n      <{} type=\"{}\" message=\"{}\">{}</{}>\n    </testcase>\n", head, tag, xml(of.type),
                     xml(of.message.empty() ? of.type : of.message), of.text, tag);
}

std::size_t count(const std::vector<test_case>& cases, outcome ended) {
  return static_cast<std::size_t>(std::ranges::count(cases, ended, &test_case::ended));
}

}  // namespace

std::string junit(std::span<const run> runs) {
  std::string suites;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  double seconds = 0;
  for (const auto& each : runs) {
    const auto& result = each.result;
    const auto cases = cases_of(result);
    const std::string counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", cases.size(),
                    count(cases, outcome::failure), count(cases, outcome::error), count(cases, outcome::skipped));
    suites += fmt::format("  <testsuite name=\"{}\" {} time=\"{:.3f}\" timestamp=\"{}\" hostname=\"{}\">\n",
                          xml(fmt::format("rollcall {} {}", kind(result), title(result.target))), counts,
                          result.seconds, xml(result.started), xml(result.target.address));
    for (const auto& one : cases) suites += element(one, "rollcall." + result.kind);
    suites += fmt::format("    <system-out>{}</system-out>\n  </testsuite>\n", xml(sentence(result)));
    tests += cases.size();
    failures += count(cases, outcome::failure);
    errors += count(cases, outcome::error);
    skipped += count(cases, outcome::skipped);
    seconds += result.seconds;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rollcall\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n{}</testsuites>\n",
      tests, failures, errors, skipped, seconds, suites);
}

}  // namespace reports

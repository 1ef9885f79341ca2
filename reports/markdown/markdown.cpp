#include "reports/markdown/markdown.hpp"

#include "reports/markdown/spans.hpp"
#include "reports/text/quantity.hpp"
#include "reports/text/sentence.hpp"
#include "reports/text/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace reports {

namespace {

using record::requirement_verdict;

constexpr std::size_t checks_shown = 3;
constexpr std::size_t findings_shown_each = 5;

/// Text that only grows while it stays under its limit: blocks are taken whole or left out and counted.
class bounded_text {
 public:
  explicit bounded_text(std::size_t limit) : limit_(limit) {}

  bool add(std::string_view block) {
    if (text_.size() + block.size() > limit_) return false;
    text_ += block;
    return true;
  }
  /// Each block until one does not fit; then one line that says how many of them are missing.
  void add_all(const std::vector<std::string>& blocks, std::string_view what) {
    constexpr std::size_t line = 120;  // kept free for it
    std::size_t added = 0;
    for (const auto& block : blocks) {
      if (text_.size() + block.size() + line > limit_) break;
      text_ += block;
      ++added;
    }
    if (added < blocks.size()) {
      add(fmt::format("\n*{} {} left out here for size; result.json has them.*\n", grouped(blocks.size() - added),
                      what));
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::size_t limit_;
  std::string text_;
};

std::string cells(std::initializer_list<std::string> texts) {
  return fmt::format("| {} |\n", fmt::join(texts, " | "));
}

std::string failure(const record::requirement& of) {
  std::string text = fmt::format("#### {} {}: {}\n\n- Requirement: {}\n", record::word(of.verdict),
                                 prose(record::full_id(of)), prose(of.title), prose(of.text));
  std::size_t broken = 0;
  for (const auto& each : of.checks) {
    if (each.ok || ++broken > checks_shown) continue;
    text += fmt::format("- Looked at: {}\n  - Expected: {}\n  - Actual: {}\n", prose(each.what), code(each.expected),
                        code(each.actual));
  }
  if (broken > checks_shown) text += fmt::format("- and {} more\n", grouped(broken - checks_shown));
  if (!of.reason.empty()) text += fmt::format("- Because: {}\n", prose(of.reason));
  if (of.trials.failed > 0) {
    text += fmt::format("- Trials: {} from {}\n", amount(of.trials.failed, "finding", "findings"),
                        amount(of.trials.n, "trial", "trials"));
  }
  if (!of.likely_cause.empty()) text += fmt::format("- Likely: {}\n", prose(of.likely_cause));
  if (!of.reproduce.empty()) text += fmt::format("- Again: {}\n", code(of.reproduce));
  return text + "\n";
}

std::vector<std::string> failures(const record::result& of) {
  std::vector<std::string> blocks;
  for (const auto verdict : {requirement_verdict::fail, requirement_verdict::error, requirement_verdict::warning}) {
    for (const auto& each : of.requirements) {
      if (each.verdict == verdict) blocks.push_back(failure(each));
    }
  }
  if (of.load) {
    for (const auto& each : of.load->objectives) {
      if (!each.ok) {
        blocks.push_back(
            fmt::format("- Objective broken. Expected: {}. Actual: {}\n", code(each.text), code(each.actual)));
      }
    }
  }
  return blocks;
}

std::string findings(const record::result& of) {
  std::string text = fmt::format("### Findings of the ledger\n\n{}.\n\n", prose(counted_findings(of)));
  for (const auto& [kind, number] : findings_by_kind(of)) {
    std::size_t shown = 0;
    for (const auto& each : of.ledger.findings) {
      if (each.kind != kind || ++shown > findings_shown_each) continue;
      text += fmt::format("- {}: {}\n", prose(kind), code(each.sentence));
    }
    if (number > findings_shown_each)
      text += fmt::format("- {}: {} more\n", prose(kind), grouped(number - findings_shown_each));
  }
  return text + "\n";
}

/// Requirements without a verdict of their own, those with the same reason together.
std::vector<std::string> unjudged(const record::result& of) {
  std::vector<std::string> lines;
  for (const auto verdict :
       {requirement_verdict::blocked, requirement_verdict::inconclusive, requirement_verdict::not_run,
        requirement_verdict::not_claimed, requirement_verdict::deviation, requirement_verdict::known_failure}) {
    std::map<std::string, std::vector<std::string>> by_reason;
    for (const auto& each : of.requirements) {
      if (each.verdict != verdict) continue;
      const std::string by = each.blocked_by.empty() ? "" : "by " + each.blocked_by;
      by_reason[by + (by.empty() || each.reason.empty() ? "" : ": ") + each.reason].push_back(record::full_id(each));
    }
    for (const auto& [reason, those] : by_reason) {
      lines.push_back(fmt::format("- {}: {}{}{}\n", record::word(verdict),
                                  prose(fmt::format("{}", fmt::join(those, ", "))), reason.empty() ? "" : " — ",
                                  prose(reason)));
    }
  }
  return lines;
}

std::string load_tables(const record::load_result& of) {
  std::string text = fmt::format("### Load\n\n{}.\n\n", prose(plan_phrase(of.plan)));
  text += "| Objective | Actual | |\n|---|---:|---|\n";
  for (const auto& each : of.objectives) {
    text += cells({code(each.text), code(each.actual), each.ok ? "kept" : "**broken**"});
  }
  text +=
      "\n| Latency, from the intended start | Count | p50 | p90 | p99 | p99.9 | Max "
      "|\n|---|---:|---:|---:|---:|---:|---:|\n";
  for (const auto& each : of.latencies) {
    const auto& d = each.from_intended;
    text += cells({prose(each.name), grouped(d.count), milliseconds(d.p50_ms), milliseconds(d.p90_ms),
                   milliseconds(d.p99_ms), milliseconds(d.p999_ms), milliseconds(d.max_ms)});
  }
  return text + "\n";
}

std::vector<std::string> conformance_rows(const record::result& of) {
  std::vector<std::string> rows;
  for (const auto& each : of.requirements) {
    rows.push_back(cells({std::string(record::word(each.verdict)), prose(record::full_id(each)), prose(each.title),
                          std::string(record::word(each.level)), std::string(record::word(each.tier))}));
  }
  return rows;
}

void add_run(bounded_text& text, const run& of) {
  const auto& result = of.result;
  text.add(fmt::format("## {}: {} {}\n\n{}\n\n", headline(result.verdict), prose(kind(result)),
                       code(title(result.target)), prose(sentence(result))));
  if (const auto blocks = failures(result); !blocks.empty()) {
    text.add("### What failed\n\n");
    text.add_all(blocks, "more that failed");
    text.add("\n");
  }
  if (!result.ledger.findings.empty()) text.add(findings(result));
  if (const auto lines = unjudged(result); !lines.empty()) {
    text.add("### Not claimed, not run, or not a plain pass\n\n");
    text.add_all(lines, "more lines");
    text.add("\n");
  }
  if (result.load) {
    text.add(fmt::format("### Did the generator keep up?\n\n{}\n\n", prose(generator_sentence(*result.load))));
    if (!result.load->coverage.enough) text.add(fmt::format("{}\n\n", prose(result.load->coverage.problem)));
    text.add(load_tables(*result.load));
  }
  if (const auto rows = conformance_rows(result); !rows.empty()) {
    text.add("### Conformance\n\n| Verdict | Id | Requirement | Level | Tier |\n|---|---|---|---|---|\n");
    text.add_all(rows, "more requirements");
    text.add("\n");
  }
  text.add(fmt::format("Run: {}, started {}, took {}, seed {}, folder {}; rollcall {}, contract {}; {}, {}.\n\n",
                       code(result.command), prose(result.started), time_span(result.seconds), result.seed,
                       code(of.folder), prose(result.versions.rollcall), prose(result.versions.contract),
                       prose(result.machine.cpu), amount(result.machine.cores, "core", "cores")));
}

}  // namespace

std::string markdown(std::span<const run> runs) {
  std::string all = "# Rollcall report\n\n";
  if (runs.size() > 1) {
    bounded_text overview(markdown_limit / 4);
    std::vector<std::string> rows;
    for (const auto& each : runs) {
      rows.push_back(cells({fmt::format("**{}**", headline(each.result.verdict)), prose(kind(each.result)),
                            code(title(each.result.target)), prose(sentence(each.result))}));
    }
    overview.add("| Verdict | Run | Target | |\n|---|---|---|---|\n");
    overview.add_all(rows, "more runs");
    all += overview.take() + "\n";
  }
  // Every run has the same room, so that a run with thousands of findings does not hide the next one.
  const std::size_t room = (markdown_limit - all.size()) / std::max<std::size_t>(runs.size(), 1);
  for (const auto& each : runs) {
    bounded_text text(room);
    add_run(text, each);
    all += text.take();
  }
  return all;
}

}  // namespace reports

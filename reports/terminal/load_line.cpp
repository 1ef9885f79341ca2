#include "reports/terminal/load_line.hpp"

#include "reports/terminal/paint.hpp"
#include "reports/text/exceptions.hpp"
#include "reports/text/quantity.hpp"
#include "reports/text/tally.hpp"
#include "reports/text/visible.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace reports {

namespace {

using record::run_verdict;

constexpr std::size_t named = 4;

bool found(const record::result& result, std::string_view kind) {
  return std::ranges::any_of(findings_by_kind(result), [&](const auto& one) { return one.first == kind; });
}

/// "60,000 sent, 54,012 judged online: all exactly once; 5,947 offline: …; 41 uncertain (0.07 %)".
std::string judged(const record::result& result) {
  const auto& of = result.load->coverage;
  std::string text = fmt::format("{} sent, {} judged online{}", grouped(of.sent), grouped(of.owed), of_judged(result));
  if (of.offline > 0) text += fmt::format("; {} offline{}", grouped(of.offline), of_offline(result));
  if (of.coming_or_going > 0) text += fmt::format("; {} to somebody coming or going", grouped(of.coming_or_going));
  if (of.uncertain > 0) {
    text += fmt::format("; {} uncertain ({})", grouped(of.uncertain), percent(share(of.uncertain, of.sent)));
  }
  if (const auto announced = ledger_count(result, "announced"); announced > 0) {
    text += fmt::format("; {} lost as announced", grouped(announced));
  }
  if (const auto excused = counted_exceptions(result); !excused.empty()) {
    text += fmt::format("; by declaration {}", excused);
  }
  return text;
}

std::string latencies(const record::load_result& load) {
  std::vector<std::string> words;
  for (const auto& each : load.latencies) {
    if (each.name == "ready" || each.from_intended.count == 0) continue;
    words.push_back(fmt::format("{} p99 {}", each.name, milliseconds(each.from_intended.p99_ms)));
  }
  return words.empty() ? "" : fmt::format("  {}", fmt::join(words, ", "));
}

/// Findings by class, then the objectives that say more than a class does.
std::string broken(const record::result& result) {
  std::vector<std::string> words;
  const auto kinds = findings_by_kind(result);
  for (const auto& [kind, number] : kinds) words.push_back(fmt::format("{} {}", grouped(number), kind));
  for (const auto& each : result.load->objectives) {
    const bool said = std::ranges::any_of(kinds, [&](const auto& one) { return each.text == one.first + " = 0"; });
    if (!each.ok && !said) words.push_back(fmt::format("{} was {}", each.text, each.actual));
  }
  return listed(words, named);
}

/// By how much, and what to do.
std::string open(const record::result& result) {
  const auto& load = *result.load;
  const auto excused = counted_exceptions(result);
  const auto& kept = load.generator;
  std::string text;
  if (!kept.kept_up) {
    const auto busy = fmt::format("{} of {} busy", plain_number(kept.cores_busy), amount(kept.cores, "core", "cores"));
    if (kept.late_share > kept.late_share_limit) {
      text = fmt::format("generator late: {} of sends over 10 ms behind plan (at most {}); {}",
                         percent(kept.late_share), percent(kept.late_share_limit), busy);
    } else if (kept.lag_p99_ms > kept.lag_limit_ms) {
      text = fmt::format("generator late: its loops lagged {} at p99 (at most {}); {}", milliseconds(kept.lag_p99_ms),
                         milliseconds(kept.lag_limit_ms), busy);
    } else {
      text = "generator did not keep up" + (kept.problem.empty() ? "" : ": " + visible(kept.problem));
    }
    text += ". Lower --rate or --users, or use a larger machine";
  }
  const auto& judged = load.coverage;
  if (judged.enough) return text;
  if (!text.empty()) text += ". ";
  if (judged.owed < judged.owed_limit) {
    return text + fmt::format(
                      "too little judged: {} had to come to a connected recipient (at least {}). Raise --rate, "
                      "--duration or --online",
                      amount(judged.owed, "message", "messages"), grouped(judged.owed_limit));
  }
  if (judged.owed_share < judged.owed_share_limit) {
    return text + fmt::format(
                      "too little judged: {} of what was due online (at least {}), {} uncertain{}. Look for "
                      "sockets that end early",
                      percent(judged.owed_share), percent(judged.owed_share_limit), grouped(judged.uncertain),
                      excused.empty() ? "" : ", by declaration " + excused);
  }
  return text + "too little judged" + (judged.problem.empty() ? "" : ": " + visible(judged.problem));
}

std::string interrupted(const record::result& result) {
  const auto findings = counted_findings(result);
  return fmt::format("after {}: {} sent, {} judged online, {}", time_span(result.seconds),
                     grouped(result.load->coverage.sent), grouped(result.load->coverage.owed),
                     findings.empty() ? "nothing found" : findings);
}

std::string broke_down(const record::result& result) {
  return fmt::format("{} sent, {} refused, {} without an answer", grouped(result.load->coverage.sent),
                     grouped(ledger_count(result, "refused")), grouped(ledger_count(result, "unknown")));
}

std::string said(const record::result& result) {
  if (!result.load) return "ended before the load began";
  switch (result.verdict) {
    case run_verdict::passed:
      return judged(result) + latencies(*result.load);
    case run_verdict::findings:
      return broken(result) + "  " + judged(result) + latencies(*result.load);
    case run_verdict::inconclusive:
      return open(result);
    case run_verdict::interrupted:
      return interrupted(result);
    case run_verdict::target:
      return broke_down(result);
    default:
      return judged(result);
  }
}

}  // namespace

std::string load_phrase(const record::load_plan& plan) {
  return fmt::format("{} at {} msg/s, {}", amount(plan.users, "user", "users"), plain_number(plan.rate),
                     time_span(plan.seconds));
}

std::uint64_t ledger_count(const record::result& result, std::string_view name) {
  const auto at = std::ranges::find_if(result.ledger.counts, [&](const auto& one) { return one.first == name; });
  return at == result.ledger.counts.end() ? 0 : at->second;
}

std::string of_judged(const record::result& result) {
  return result.load->coverage.owed > 0 && findings_by_kind(result).empty() ? ": all exactly once" : "";
}

std::string of_offline(const record::result& result) {
  const auto unread = ledger_count(result, "in_history_unjudged");
  std::vector<std::string> words;
  if (ledger_count(result, "in_history_checked") == 0) {
    words.emplace_back("history not read");
  } else if (unread > 0) {
    words.push_back(fmt::format("{} not looked up in history", amount(unread, "message", "messages")));
  } else if (!found(result, "missing from history")) {
    words.emplace_back("all in history");
  }
  if (!found(result, "replayed") && !found(result, "misrouted")) words.emplace_back("none pushed");
  return words.empty() ? "" : fmt::format(": {}", fmt::join(words, ", "));
}

std::string load_last_line(const record::result& result, const std::string& look_at, bool colour) {
  std::string line = painted(headline(result.verdict), colour_of(result.verdict), colour);
  line += fmt::format("  {}  {}  ", kind(result), visible(title(result.target)));
  if (result.load) line += load_phrase(result.load->plan) + "  ";
  line += said(result);
  if (result.verdict != run_verdict::passed && !look_at.empty()) line += "  " + look_at;
  return line;
}

}  // namespace reports

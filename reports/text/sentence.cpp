#include "reports/text/sentence.hpp"

#include "reports/text/exceptions.hpp"
#include "reports/text/quantity.hpp"
#include "reports/text/tally.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace reports {

namespace {

using record::requirement_verdict;
using record::run_verdict;

constexpr std::size_t named = 5;

std::string latencies(const record::load_result& load) {
  std::string text;
  for (const auto& each : load.latencies) {
    if (each.from_intended.count == 0 || each.name == "ready") continue;
    text += fmt::format("{}{} p99 {}", text.empty() ? "" : ", ", each.name, milliseconds(each.from_intended.p99_ms));
  }
  return text;
}

std::string load_passed(const record::load_result& load) {
  const auto& judged = load.coverage;
  std::string text = fmt::format(
      "{} at {} messages/s for {}: of {} messages, {} were owed to a connected recipient and all came exactly once",
      amount(load.plan.users, "user", "users"), plain_number(load.plan.rate), time_span(load.plan.seconds),
      grouped(judged.sent), grouped(judged.owed));
  if (judged.offline > 0) text += fmt::format(", {} had nobody connected and were not pushed", grouped(judged.offline));
  if (judged.coming_or_going > 0) {
    text += fmt::format(", {} were to somebody who was just coming or going", grouped(judged.coming_or_going));
  }
  if (judged.uncertain > 0) {
    const auto share = static_cast<double>(judged.uncertain) / static_cast<double>(judged.owed + judged.uncertain);
    text += fmt::format(", {} stayed uncertain ({})", grouped(judged.uncertain), percent(share));
  }
  if (const auto times = latencies(load); !times.empty()) text += "; " + times;
  return text + ".";
}

std::string load_broken(const record::result& result) {
  std::vector<std::string> broken;
  for (const auto& each : result.load->objectives) {
    if (!each.ok) broken.push_back(fmt::format("{} (was {})", each.text, each.actual));
  }
  if (broken.empty()) return fmt::format("The ledger found {}.", counted_findings(result));
  return fmt::format("{} of {} broke: {}.", broken.size(),
                     amount(result.load->objectives.size(), "objective", "objectives"), listed(broken, named));
}

std::string conform_passed(const record::result& result) {
  const auto passed = count_requirements(result, {requirement_verdict::pass});
  const auto beside = counted_beside_passed(result);
  if (beside.empty()) {
    return passed == 1 ? "The one requirement asked for holds." : fmt::format("All {} requirements hold.", passed);
  }
  return fmt::format("{} hold; {}.", amount(passed, "requirement", "requirements"), beside);
}

std::string conform_broken(const record::result& result) {
  const auto failed = ids(result, requirement_verdict::fail);
  if (failed.empty()) {
    const auto found = counted_findings(result);
    if (found.empty()) return fmt::format("Something broke: {}.", counted(result));
    return fmt::format("The requirements asked for hold, but beside them the ledger found {}.", found);
  }
  const auto judged =
      count_requirements(result, {requirement_verdict::fail, requirement_verdict::pass, requirement_verdict::warning,
                                  requirement_verdict::deviation, requirement_verdict::known_failure});
  return fmt::format("{} of {} failed: {}.", count_requirements(result, {requirement_verdict::fail}),
                     amount(judged, "judged requirement", "judged requirements"), listed(failed, named));
}

std::string inconclusive(const record::result& result) {
  std::string why;
  if (result.load) {
    for (const auto& problem : {result.load->generator.problem, result.load->coverage.problem}) {
      if (!problem.empty()) why += (why.empty() ? "" : "; ") + problem;
    }
  } else if (const auto open = ids(result, requirement_verdict::inconclusive); !open.empty()) {
    why = fmt::format(
        "{} stayed open after retries: {}",
        amount(count_requirements(result, {requirement_verdict::inconclusive}), "requirement", "requirements"),
        listed(open, named));
  }
  return why.empty() ? "No verdict: too much was uncertain." : fmt::format("No verdict: {}.", why);
}

std::string interrupted(const record::result& result) {
  std::string until;
  if (result.load) {
    const auto found = counted_findings(result);
    until = fmt::format("{} were sent, {}", amount(result.load->coverage.sent, "message", "messages"),
                        found.empty() ? "nothing was found" : "the ledger found " + found);
  } else {
    until = counted(result);
  }
  return fmt::format("Interrupted after {}; until then {}.", time_span(result.seconds),
                     until.empty() ? "nothing was judged" : until);
}

std::string with_counts(std::string_view text, const record::result& result) {
  const auto counts = counted(result);
  return counts.empty() ? fmt::format("{}.", text) : fmt::format("{}: {}.", text, counts);
}

std::string of_verdict(const record::result& result) {
  switch (result.verdict) {
    case run_verdict::passed:
      return result.load ? load_passed(*result.load) : conform_passed(result);
    case run_verdict::findings:
      return result.load ? load_broken(result) : conform_broken(result);
    case run_verdict::inconclusive:
      return inconclusive(result);
    case run_verdict::interrupted:
      return interrupted(result);
    case run_verdict::target:
      return with_counts("The target broke down or could not be reached before anything failed", result);
    case run_verdict::nothing_checked:
      return with_counts("Nothing was checked, so nothing is claimed", result);
    case run_verdict::internal:
      return with_counts("Rollcall itself failed; this says nothing about the target", result);
    case run_verdict::usage:
      return "The run could not be started as it was asked for.";
  }
  return "";
}

}  // namespace

std::string sentence(const record::result& result) {
  const auto beside = exceptions_sentence(result);
  return of_verdict(result) + (beside.empty() ? "" : " " + beside);
}

std::string generator_sentence(const record::load_result& load) {
  const auto& kept = load.generator;
  std::uint64_t not_sent = 0;
  for (const auto& [reason, number] : kept.not_sent) not_sent += number;
  std::string text = kept.kept_up ? "The generator kept up" : "The generator did not keep up";
  if (!kept.problem.empty()) text += fmt::format(" ({})", kept.problem);
  text +=
      fmt::format(": of {} intended sends, {} began on time, {} late ({}; at most {})", grouped(kept.intended),
                  grouped(kept.on_time), grouped(kept.late), percent(kept.late_share), percent(kept.late_share_limit));
  if (not_sent > 0) text += fmt::format(", {} were not sent", grouped(not_sent));
  return text + fmt::format("; its loops lagged {} at p99 (at most {}); {} of {} cores were busy.",
                            milliseconds(kept.lag_p99_ms), milliseconds(kept.lag_limit_ms),
                            plain_number(kept.cores_busy), kept.cores);
}

std::string plan_phrase(const record::load_plan& plan) {
  return fmt::format("{} in {}, {} of them connected at any moment; {} messages/s ({}) for {}",
                     amount(plan.users, "user", "users"), amount(plan.chats, "two-person chat", "two-person chats"),
                     percent(plan.online), plain_number(plan.rate), plan.arrivals, time_span(plan.seconds));
}

}  // namespace reports

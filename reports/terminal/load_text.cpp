#include "reports/terminal/load_text.hpp"

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

constexpr std::size_t line_width = 80;
constexpr std::size_t shown_findings = 3;  // of each class

std::string heading(std::string_view text) {
  return fmt::format("{:<12}", text);
}

/// The words one after another, each line indented under the first.
std::string wrapped(std::string_view first, const std::vector<std::string>& words) {
  std::string text(first);
  std::size_t at = first.size();
  for (const auto& word : words) {
    const bool begins = at == first.size();
    if (!begins && at + word.size() + 3 > line_width) {
      text += ",\n" + std::string(first.size(), ' ');
      at = first.size();
    } else if (!begins) {
      text += ", ";
      at += 2;
    }
    text += word;
    at += word.size();
  }
  return text + "\n";
}

std::string plan_text(const record::load_plan& plan) {
  std::string text =
      heading("plan") + fmt::format("{} in {}, {} of them online\n", amount(plan.users, "user", "users"),
                                    amount(plan.chats, "two-person chat", "two-person chats"), percent(plan.online));
  text += heading("") +
          fmt::format("{} msg/s ({}) for {}", plain_number(plan.rate), plan.arrivals, time_span(plan.seconds));
  if (plan.session_seconds > 0) text += fmt::format("; sessions of {}", time_span(plan.session_seconds));
  return text +
         fmt::format("; {}, {}\n", amount(plan.cells, "cell", "cells"), amount(plan.workers, "worker", "workers"));
}

class message_table {
 public:
  void row(std::uint64_t number, const std::string& what) {
    text_ += fmt::format("{}{:>11}  {}\n", heading(text_.empty() ? "messages" : ""), grouped(number), what);
  }
  void row_if_any(std::uint64_t number, const std::string& what) {
    if (number > 0) row(number, what);
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string messages_text(const record::result& result) {
  const auto& load = *result.load;
  const auto of_sent = [&](std::uint64_t part) {
    return load.coverage.sent == 0
               ? std::string()
               : fmt::format(" ({})", percent(static_cast<double>(part) / static_cast<double>(load.coverage.sent)));
  };
  message_table table;
  table.row(load.coverage.sent, "sent");
  table.row(ledger_count(result, "acked"), "acknowledged");
  const auto refused = ledger_count(result, "refused");
  const auto unknown = ledger_count(result, "unknown");
  table.row_if_any(refused, "refused" + of_sent(refused));
  table.row_if_any(unknown, "unknown" + of_sent(unknown) + ": no answer says what became of it");
  for (const auto& [reason, number] : load.generator.not_sent) {
    table.row_if_any(number, "not sent: " + visible(reason));
  }
  table.row(load.coverage.owed, "judged online" + of_judged(result));
  table.row_if_any(load.coverage.offline, "offline" + of_offline(result));
  table.row_if_any(load.coverage.coming_or_going, "to somebody coming or going: may have come, once");
  table.row_if_any(load.coverage.uncertain,
                   "uncertain" + of_sent(load.coverage.uncertain) + ": the socket ended too early");
  table.row_if_any(ledger_count(result, "announced"), "lost, and announced by the server's close code");
  table.row_if_any(ledger_count(result, "missed_in_warm_up"), "missed in the declared warm-up of a socket");
  table.row_if_any(ledger_count(result, "in_history_checked"), "looked up in a whole history");
  table.row_if_any(ledger_count(result, "broadcast"), "frames at users outside of the chat, as declared");
  table.row_if_any(ledger_count(result, "foreign"), "frames of others on our sockets");
  return std::move(table).text();
}

std::string distribution_row(std::string_view name, const record::distribution& of) {
  std::string text = fmt::format("  {:<16}{:>10}", name, grouped(of.count));
  if (of.count > 0) {
    for (const auto value : {of.p50_ms, of.p90_ms, of.p99_ms, of.p999_ms, of.max_ms}) {
      text += fmt::format("{:>10}", milliseconds(value));
    }
  }
  return text + "\n";
}

std::string latencies_text(const record::load_result& load) {
  std::string text = heading("latencies") + "from the intended start; uncorrected: from the actual one\n";
  text += fmt::format("{:<18}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "", "count", "p50", "p90", "p99", "p99.9", "max");
  for (const auto& each : load.latencies) {
    text += distribution_row(each.name, each.from_intended);
    text += distribution_row("  uncorrected", each.from_actual_start);
  }
  return text;
}

std::string objectives_text(const record::load_result& load, bool colour) {
  std::string text;
  std::vector<std::string> standing;
  for (const auto& each : load.objectives) {
    if (each.ok && each.standing) {
      standing.push_back(each.text);
      continue;
    }
    text += fmt::format("{}{}  {}, was {}\n", heading(text.empty() ? "objectives" : ""),
                        each.ok ? painted("held  ", green, colour) : painted("BROKEN", red, colour), each.text,
                        each.actual);
  }
  if (standing.empty()) return text;
  const auto lines = wrapped(std::string(20, ' '), standing);
  return text + heading(text.empty() ? "objectives" : "") + painted("held  ", green, colour) + lines.substr(18);
}

std::string generator_text(const record::generator_audit& kept, bool colour) {
  std::string text = heading("generator");
  text += kept.kept_up ? painted("kept up", green, colour) : painted("did NOT keep up", yellow, colour);
  if (!kept.problem.empty()) text += ": " + visible(kept.problem);
  text +=
      fmt::format("\n{}{} intended: {} on time, {} late ({}; at most {})", heading(""), grouped(kept.intended),
                  grouped(kept.on_time), grouped(kept.late), percent(kept.late_share), percent(kept.late_share_limit));
  text += fmt::format("\n{}loop lag p99 {} (at most {}), max {}; {} of {} busy", heading(""),
                      milliseconds(kept.lag_p99_ms), milliseconds(kept.lag_limit_ms), milliseconds(kept.lag_max_ms),
                      plain_number(kept.cores_busy), amount(kept.cores, "core", "cores"));
  if (kept.waited_for_connection > 0) {
    text +=
        fmt::format("\n{}{} waited for a connection", heading(""), amount(kept.waited_for_connection, "send", "sends"));
  }
  return text + "\n";
}

std::string coverage_text(const record::coverage& judged, bool colour) {
  std::string text = heading("coverage");
  text += judged.enough ? painted("enough", green, colour) : painted("NOT enough", yellow, colour);
  if (!judged.problem.empty()) text += ": " + visible(judged.problem);
  return text + fmt::format("\n{}judged {} of what was due online; needed: {}, {}\n", heading(""),
                            percent(judged.owed_share), percent(judged.owed_share_limit),
                            amount(judged.owed_limit, "message", "messages"));
}

std::string exceptions_text(const record::result& result) {
  const auto text = exceptions_sentence(result);
  return text.empty() ? text : heading("exceptions") + visible(text) + "\n";
}

std::string findings_text(const record::result& result, bool colour) {
  std::string text;
  for (const auto& [kind, number] : findings_by_kind(result)) {
    text += fmt::format("\n{}  {} {}\n", painted("FOUND", red, colour), grouped(number), kind);
    std::uint64_t shown = 0;
    for (const auto& each : result.ledger.findings) {
      if (each.kind != kind || shown == shown_findings) continue;
      ++shown;
      text += fmt::format("  {:>8.1f} s  {}\n", each.at, visible(each.sentence));
    }
    if (number > shown && shown > 0) text += fmt::format("              and {} more\n", grouped(number - shown));
  }
  return text;
}

}  // namespace

std::string load_opening_line(const record::target& target, const record::load_plan& plan, const std::string& run,
                              std::uint64_t seed) {
  return fmt::format("load  {}  {}, run {}, seed {}", visible(title(target)), load_phrase(plan), run, seed);
}

std::string load_summary(const record::result& result, bool colour) {
  const auto& load = *result.load;
  return plan_text(load.plan) + "\n" + messages_text(result) + "\n" + latencies_text(load) + "\n" +
         objectives_text(load, colour) + "\n" + generator_text(load.generator, colour) +
         coverage_text(load.coverage, colour) + exceptions_text(result) + findings_text(result, colour) + "\n";
}

}  // namespace reports

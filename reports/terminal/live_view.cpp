#include "reports/terminal/live_view.hpp"

#include "reports/text/quantity.hpp"
#include "reports/text/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace reports {

namespace {

constexpr std::size_t kept_seconds = 60;
constexpr std::size_t longest_bar = 30;

constexpr std::array<std::string_view, 8> block_letters{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> letters{".", ":", "-", "=", "+", "*", "#", "@"};

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string bar(double filled, std::size_t width, bool unicode) {
  const auto full = static_cast<std::size_t>(filled * static_cast<double>(width));
  return repeated(unicode ? "━" : "#", full) + repeated(unicode ? "─" : "-", width - full);
}

/// The items that fit, in their order, two spaces between them.
std::string fitting(const std::vector<std::string>& items, std::size_t width) {
  std::string out;
  for (const auto& item : items) {
    if (display_width(out) + display_width(item) + (out.empty() ? 0 : 2) > width) break;
    out += (out.empty() ? "" : "  ") + item;
  }
  return out;
}

/// "what  done  ━━━━────  24 %  rest": the bar takes what is left, and goes when that is too little.
std::string with_bar(const std::string& before, std::optional<double> filled, const std::string& after,
                     const live_style& style) {
  const std::size_t width = style.columns - 1;
  const std::string tail = filled ? fmt::format("{:.0f} %", std::floor(*filled * 100)) : "";
  const std::size_t taken = display_width(before) + tail.size() + (after.empty() ? 0 : after.size() + 2) + 4;
  std::vector<std::string> items{before};
  if (filled && taken + 5 <= width) items.push_back(bar(*filled, std::min(width - taken, longest_bar), style.unicode));
  if (filled) items.push_back(tail);
  if (!after.empty()) items.push_back(after);
  return fitting(items, width);
}

std::string counted_so_far(std::uint64_t findings) {
  return findings == 0 ? "no finding" : fmt::format("{} {}", grouped(findings), findings == 1 ? "FINDING" : "FINDINGS");
}

std::string head(const live_load& now, const live_style& style) {
  if (now.of == 0) return with_bar(now.phase, std::nullopt, "", style);
  const auto far = now.in_seconds ? fmt::format("{} of {}", time_span(static_cast<double>(now.done)),
                                                time_span(static_cast<double>(now.of)))
                                  : fmt::format("{} of {}", grouped(now.done), grouped(now.of));
  return with_bar(fmt::format("{}  {}", now.phase, far), share(now.done, now.of), "", style);
}

std::string sparked(std::string_view label, const std::string& value, const std::vector<std::optional<double>>& values,
                    double top, const live_style& style) {
  const std::string text = fmt::format("{:<9}{:>9} ", label, value);  // 19 columns: of 80, a minute is left
  const std::size_t width = style.columns - 1;
  if (text.size() >= width) return text.substr(0, width);
  return text + sparkline(values, top, width - text.size(), style.unicode);
}

template <typename Member>
std::vector<std::optional<double>> each(const live_load& now, Member member) {
  std::vector<std::optional<double>> out;
  for (const auto& second : now.seconds) {
    if constexpr (std::is_same_v<Member, std::uint64_t live_second::*>) {
      out.emplace_back(static_cast<double>(second.*member));
    } else {
      out.push_back(second.*member);
    }
  }
  return out;
}

double top_of(const std::vector<std::optional<double>>& values) {
  double top = 0;
  for (const auto& value : values) top = std::max(top, value.value_or(0));
  return top;
}

std::string latency_line(std::string_view label, const std::vector<std::optional<double>>& values,
                         const live_style& style) {
  const auto latest = values.back();
  return sparked(label, latest ? milliseconds(*latest) : "-", values, top_of(values), style);
}

}  // namespace

void live_load::add(const live_second& next) {
  if (seconds.size() == kept_seconds) seconds.erase(seconds.begin());
  seconds.push_back(next);
  intended += next.intended;
  late += next.late;
}

std::vector<std::string> dashboard(const live_load& now, const live_style& style) {
  std::vector<std::string> lines{head(now, style)};
  if (now.seconds.empty()) return lines;
  const auto& last = now.seconds.back();
  const auto acknowledged = each(now, &live_second::acknowledged);
  const auto delivered = each(now, &live_second::delivered);
  // One scale for both, and for the plan: what falls behind is seen to be lower.
  const double top = std::max({top_of(each(now, &live_second::intended)), top_of(acknowledged), top_of(delivered)});
  lines.push_back(sparked("acked", grouped(last.acknowledged) + "/s", acknowledged, top, style));
  lines.push_back(sparked("delivered", grouped(last.delivered) + "/s", delivered, top, style));
  lines.push_back(latency_line("ack p99", each(now, &live_second::ack_p99_ms), style));
  lines.push_back(latency_line("deliv p99", each(now, &live_second::delivery_p99_ms), style));
  lines.push_back(
      fitting({counted_so_far(now.findings), fmt::format("online {} of {}", grouped(last.online), grouped(now.users)),
               fmt::format("planned {}/s", grouped(last.intended)),
               fmt::format("late {}", percent(share(now.late, now.intended))),
               fmt::format("lag {}", milliseconds(last.lag_p99_ms))},
              style.columns - 1));
  return lines;
}

std::vector<std::string> dashboard(const live_cases& now, const live_style& style) {
  const auto failed =
      now.failed == 0 ? visible(now.latest) : fmt::format("{} FAILED  {}", grouped(now.failed), visible(now.latest));
  return {with_bar(fmt::format("{} of {} cases", grouped(now.done), grouped(now.of)), share(now.done, now.of), failed,
                   style)};
}

std::string plain_line(const live_load& now) {
  std::string text = now.phase;
  if (now.of > 0) {
    text += now.in_seconds ? fmt::format(" {} of {}", time_span(static_cast<double>(now.done)),
                                         time_span(static_cast<double>(now.of)))
                           : fmt::format(" {} of {}", grouped(now.done), grouped(now.of));
  }
  if (now.seconds.empty()) return text;
  const auto& last = now.seconds.back();
  text += fmt::format(": {}/s planned, {}/s acknowledged, {}/s delivered, {} of {} online", grouped(last.intended),
                      grouped(last.acknowledged), grouped(last.delivered), grouped(last.online), grouped(now.users));
  if (last.ack_p99_ms) text += fmt::format(", ack p99 {}", milliseconds(*last.ack_p99_ms));
  if (last.delivery_p99_ms) text += fmt::format(", delivery p99 {}", milliseconds(*last.delivery_p99_ms));
  return text + fmt::format(", {}, {} late, lag p99 {}", counted_so_far(now.findings),
                            percent(share(now.late, now.intended)), milliseconds(last.lag_p99_ms));
}

std::string plain_line(const live_cases& now) {
  return fmt::format("{} of {} cases done, {} failed", grouped(now.done), grouped(now.of), grouped(now.failed));
}

std::string sparkline(const std::vector<std::optional<double>>& values, double top, std::size_t width, bool unicode) {
  const auto& levels = unicode ? block_letters : letters;
  std::string out;
  for (std::size_t i = values.size() - std::min(values.size(), width); i < values.size(); ++i) {
    if (!values[i]) {
      out += ' ';
      continue;
    }
    const double height = top > 0 ? std::clamp(*values[i] / top, 0.0, 1.0) : 0;
    out += levels[std::min<std::size_t>(7, static_cast<std::size_t>(height * 8))];
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = std::min(text.find_first_of("mKJA", i), text.size());
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      ++columns;
    }
  }
  return columns;
}

}  // namespace reports

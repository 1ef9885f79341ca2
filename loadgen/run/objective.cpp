#include "loadgen/run/objective.hpp"

#include "harness/ledger/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace loadgen {

namespace {

constexpr std::array<std::string_view, 3> latencies{"ack", "delivery", "ready"};
constexpr std::array<std::string_view, 3> shares{"refused", "unknown", "not_sent"};
constexpr std::array<std::pair<std::string_view, comparison>, 5> signs{{{"<=", comparison::at_most},
                                                                        {">=", comparison::at_least},
                                                                        {"<", comparison::less},
                                                                        {">", comparison::greater},
                                                                        {"=", comparison::equal}}};
constexpr std::array<std::pair<std::string_view, double>, 5> units{
    {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}}};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// A number that is not negative, and what stands behind it.
std::optional<std::pair<double, std::string_view>> leading_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || value < 0) return std::nullopt;
  return std::pair{value, trimmed(text.substr(static_cast<std::size_t>(end - text.data())))};
}

// In nanoseconds.
std::optional<double> read_duration(std::string_view text) {
  const auto number = leading_number(text);
  if (!number) return std::nullopt;
  const auto unit = std::ranges::find(units, number->second, &std::pair<std::string_view, double>::first);
  if (unit == units.end()) return std::nullopt;
  return number->first * unit->second;
}

std::optional<double> read_share(std::string_view text) {
  const auto number = leading_number(text);
  if (!number || number->second != "%" || number->first > 100) return std::nullopt;
  return number->first / 100;
}

bool is_count(std::string_view word) {
  for (std::size_t kind = 0; kind < ledger::finding_classes; ++kind) {
    std::string name(ledger::name(static_cast<ledger::finding_class>(kind)));
    std::ranges::replace(name, ' ', '_');
    if (word == name) return true;
  }
  return false;
}

read_objective problem(std::string text) {
  return {.value = std::nullopt, .problem = std::move(text)};
}

// What stands behind the dot of a latency: "p99.9", "mean", "max", "within(250ms)".
bool read_measure(std::string_view text, objective& into) {
  if (text == "mean") return (into.what = objective::measure::mean, true);
  if (text == "max") return (into.what = objective::measure::max, true);
  if (text.starts_with("within(") && text.ends_with(")")) {
    const auto limit = read_duration(text.substr(7, text.size() - 8));
    if (!limit) return false;
    into.what = objective::measure::within;
    into.within = std::chrono::nanoseconds(static_cast<std::int64_t>(*limit));
    return true;
  }
  if (!text.starts_with("p")) return false;
  const auto number = leading_number(text.substr(1));
  if (!number || !number->second.empty() || number->first > 100) return false;
  into.what = objective::measure::percentile;
  into.percentile = number->first;
  return true;
}

}  // namespace

read_objective parse_objective(std::string_view text) {
  std::size_t at = std::string_view::npos;
  const std::pair<std::string_view, comparison>* sign = nullptr;
  for (const auto& each : signs) {
    const auto found = text.find(each.first);
    if (found < at) {
      at = found;
      sign = &each;
    }
  }
  if (sign == nullptr) return problem("has no comparison; expected one of < <= = >= >, as in delivery.p99<50ms");
  objective out;
  out.text = text;
  out.compare = sign->second;
  const std::string_view left = trimmed(text.substr(0, at));
  const std::string_view right = trimmed(text.substr(at + sign->first.size()));

  const auto dot = left.find('.');
  const std::string_view subject = left.substr(0, dot);
  out.subject = subject;
  if (std::ranges::count(latencies, subject) > 0) {
    if (dot == std::string_view::npos || !read_measure(left.substr(dot + 1), out)) {
      return problem(
          fmt::format("'{}' is no measure of a latency; there are {}.p50 to .p99.99, .mean, .max and "
                      ".within(250ms)",
                      left, subject));
    }
    const bool share = out.what == objective::measure::within;
    const auto limit = share ? read_share(right) : read_duration(right);
    if (!limit) {
      return problem(
          fmt::format("'{}' is no {}", right, share ? "share, such as 99.9%" : "time, such as 50ms or 1.5s"));
    }
    out.limit = *limit;
    return {.value = out, .problem = {}};
  }
  if (std::ranges::count(shares, left) > 0) {
    const auto limit = read_share(right);
    if (!limit) return problem(fmt::format("'{}' is no share, such as 0.1%", right));
    out.what = objective::measure::share;
    out.limit = *limit;
    return {.value = out, .problem = {}};
  }
  if (is_count(left)) {
    const auto limit = leading_number(right);
    if (!limit || !limit->second.empty()) return problem(fmt::format("'{}' is no count", right));
    out.what = objective::measure::count;
    out.limit = limit->first;
    return {.value = out, .problem = {}};
  }
  return problem(
      fmt::format("'{}' cannot be measured; there are ack, delivery and ready (with .p99, .mean, .max, "
                  ".within(250ms)), the ledger's classes such as lost, and refused, unknown, not_sent",
                  left));
}

std::vector<objective> standing_objectives() {
  std::vector<objective> out;
  for (std::size_t kind = 0; kind < ledger::finding_classes; ++kind) {
    std::string name(ledger::name(static_cast<ledger::finding_class>(kind)));
    std::string subject = name;
    std::ranges::replace(subject, ' ', '_');
    out.push_back({.text = name + " = 0", .subject = subject, .standing = true});
  }
  for (const char* name : {"refused", "unknown"}) {
    out.push_back({.text = fmt::format("{} <= 0.1%", name),
                   .subject = name,
                   .what = objective::measure::share,
                   .compare = comparison::at_most,
                   .limit = 0.001,
                   .standing = true});
  }
  return out;
}

bool holds(comparison how, double actual, double limit) {
  switch (how) {
    case comparison::less:
      return actual < limit;
    case comparison::at_most:
      return actual <= limit;
    case comparison::equal:
      return actual == limit;
    case comparison::at_least:
      return actual >= limit;
    case comparison::greater:
      return actual > limit;
  }
  return false;
}

}  // namespace loadgen

#include "reports/text/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace reports {

namespace {

/// Without zeros at the end: "4.10" becomes "4.1", "4.00" becomes "4".
std::string trimmed(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

std::string amount(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(number), number == 1 ? one : many);
}

std::string milliseconds(double value) {
  if (value < 0.995) return fmt::format("{} ms", trimmed(fmt::format("{:.2f}", value)));
  if (value < 9.95) return fmt::format("{} ms", trimmed(fmt::format("{:.1f}", value)));
  if (value < 999.5) return fmt::format("{:.0f} ms", value);
  if (value < 9995) return fmt::format("{:.2f} s", value / 1000);
  return fmt::format("{:.1f} s", value / 1000);
}

std::string time_span(double seconds) {
  if (seconds < 0.95) return fmt::format("{:.1f} s", seconds);
  if (seconds < 119.5) return fmt::format("{:.0f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  const auto minutes = whole / 60;
  if (minutes < 120) {
    return whole % 60 == 0 ? fmt::format("{} min", minutes) : fmt::format("{} min {} s", minutes, whole % 60);
  }
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
}

std::string percent(double fraction) {
  const double value = fraction * 100;
  if (value <= 0) return "0 %";
  if (value >= 100) return "100 %";
  if (value < 0.01) return "under 0.01 %";
  if (value > 99.99) return "over 99.99 %";
  if (value < 1 || value > 99) return trimmed(fmt::format("{:.2f}", value)) + " %";
  return trimmed(fmt::format("{:.1f}", value)) + " %";
}

std::string plain_number(double value) {
  if (value < 0 || value > 1e15) return fmt::format("{:g}", value);
  const auto hundredths = static_cast<std::uint64_t>(std::llround(value * 100));
  const std::string whole = grouped(hundredths / 100);
  return hundredths % 100 == 0 ? whole : trimmed(fmt::format("{}.{:02}", whole, hundredths % 100));
}

}  // namespace reports

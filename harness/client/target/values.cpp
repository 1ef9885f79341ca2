#include "harness/client/target/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest = std::chrono::hours(24 * 366);

// Splits "250ms" into the number's length and the unit.
std::size_t digits_of(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  return n;
}

std::optional<milliseconds> unit_of(std::string_view name) {
  if (name == "ms") return milliseconds(1);
  if (name == "s") return milliseconds(1000);
  if (name == "m") return milliseconds(60'000);
  if (name == "h") return milliseconds(3'600'000);
  if (name == "d") return milliseconds(86'400'000);
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  const std::size_t digits = digits_of(text);
  const auto count = parse_count(text.substr(0, digits));
  const auto unit = unit_of(text.substr(digits));
  if (!count || !unit) return std::nullopt;
  if (*count > static_cast<std::uint64_t>(longest / *unit)) return std::nullopt;
  return *unit * static_cast<std::int64_t>(*count);
}

std::string write_duration(milliseconds duration) {
  const auto ms = duration.count();
  if (ms == 0) return "0ms";
  if (ms % 3'600'000 == 0) return fmt::format("{}h", ms / 3'600'000);
  if (ms % 60'000 == 0) return fmt::format("{}m", ms / 60'000);
  if (ms % 1000 == 0) return fmt::format("{}s", ms / 1000);
  return fmt::format("{}ms", ms);
}

std::optional<double> parse_rate(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  if (text[0] < '0' || text[0] > '9') return std::nullopt;
  double value = 0;
  const char* const end = text.data() + slash;
  const auto parsed = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(value) || value <= 0) return std::nullopt;
  const auto unit = unit_of(text.substr(slash + 1));
  if (!unit || *unit == milliseconds(1)) return std::nullopt;
  return value / std::chrono::duration<double>(*unit).count();
}

std::optional<std::chrono::year_month_day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = parse_count(text.substr(0, 4));
  const auto month = parse_count(text.substr(5, 2));
  const auto day = parse_count(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

bool speaks_of_a_secret(std::string_view key) {
  std::string name;
  for (const char c : key) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return std::ranges::any_of(std::array{"password", "passwd", "secret", "token", "apikey"},
                             [&](std::string_view word) { return name.ends_with(word); });
}

}  // namespace client

// The small notations of the target file: 250ms, 200/s, 2027-03-31. Pure; nothing when the text is not one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace client {

// A whole number and ms, s, m, h or d; 0 to 366 days.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// The shortest of the notation that says the same: 1500 ms -> "1500ms", 60 s -> "1m".
std::string write_duration(std::chrono::milliseconds duration);

// A positive number (decimals allowed) and /s, /m or /h; per second.
std::optional<double> parse_rate(std::string_view text);

// A day of the calendar, YYYY-MM-DD.
std::optional<std::chrono::year_month_day> parse_day(std::string_view text);

// A key such as password, access_token or Api-Key: what stands there is not shown.
bool speaks_of_a_secret(std::string_view key);

// Decimal digits without a sign.
std::optional<std::uint64_t> parse_count(std::string_view text);

}  // namespace client

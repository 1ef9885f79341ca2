// Numbers as people read them, alike in every kind of report. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reports {

/// "54,012".
std::string grouped(std::uint64_t number);

/// "54,012 messages", "1 message".
std::string amount(std::uint64_t number, std::string_view one, std::string_view many);

/// "0.42 ms", "4.2 ms", "48 ms", "1.25 s", "12.5 s".
std::string milliseconds(double value);

/// How long something took: "0.7 s", "38 s", "5 min", "5 min 30 s", "2 h 10 min".
std::string time_span(double seconds);

/// part of whole, from 0 to 1; 0 when there is no whole.
double share(std::uint64_t part, std::uint64_t whole);

/// Of a share between 0 and 1: "0 %", "0.07 %", "4.1 %", "98 %"; never rounded to 0 % or 100 % when it is not.
std::string percent(double fraction);

/// A rate or another plain number with at most two decimals: "200", "0.5", "1,250.25".
std::string plain_number(double value);

}  // namespace reports

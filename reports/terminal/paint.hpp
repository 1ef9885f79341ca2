// Colour on a terminal. It only repeats what a word says. Pure.
#pragma once

#include "harness/record/result.hpp"

#include <string>
#include <string_view>

namespace reports {

inline constexpr std::string_view red = "31";
inline constexpr std::string_view green = "32";
inline constexpr std::string_view yellow = "33";

std::string painted(std::string_view text, std::string_view colour_code, bool colour);

/// Green, red or yellow.
std::string_view colour_of(record::run_verdict verdict);
std::string_view colour_of(record::requirement_verdict verdict);

}  // namespace reports

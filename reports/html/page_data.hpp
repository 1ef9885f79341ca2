// What the page shows, as JSON: the shape is declared in reports/web/src/data.ts. Pure.
//
// Bounded: of checks and findings that are many, the first of each kind and how many there are in all. All text is
// visible text.
#pragma once

#include "reports/run.hpp"

#include <boost/json/value.hpp>

#include <span>

namespace reports {

inline constexpr std::size_t broken_checks_shown = 25;  // of one requirement
inline constexpr std::size_t other_checks_shown = 50;   // the same
inline constexpr std::size_t findings_shown = 25;       // of one class
inline constexpr std::size_t proofs_shown = 8;          // of one finding

boost::json::value page_data(std::span<const run> runs);

}  // namespace reports

// The report as Markdown, for a pull request or a chat: small enough for everybody's limit. Pure.
#pragma once

#include "reports/run.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace reports {

inline constexpr std::size_t markdown_limit = 60'000;  // bytes; GitHub takes 65,536 characters

/// What did not fit is counted and named as left out. Text of the target stands in code spans, where nothing is markup,
/// a link or a mention.
std::string markdown(std::span<const run> runs);

}  // namespace reports

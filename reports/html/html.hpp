// The report as one HTML file that needs nothing else. Pure.
//
// The page and its scripts are the same for every report; the results stand in it as JSON that is only ever read as
// data. What a target said can neither end the element that it stands in nor run: see reports/README.md.
#pragma once

#include "reports/run.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reports {

/// False: this build has no page (it was made without Node.js).
bool has_page();

/// Nothing when this build has no page.
std::optional<std::string> html(std::span<const run> runs);

/// The same with a page of one's own.
std::string filled(std::string_view page, std::span<const run> runs);

}  // namespace reports

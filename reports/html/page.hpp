// The built page with a place for the data. Made from reports/web by Node.js, or no_page.cpp in a build without it.
#pragma once

#include <string_view>

namespace reports {

inline constexpr std::string_view page_data_mark = "{{data}}";

/// Holds page_data_mark once; empty: this build has no page.
std::string_view page_template();

}  // namespace reports

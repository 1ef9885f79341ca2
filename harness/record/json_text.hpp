// JSON for people and diffs: two spaces, a member a line, members in their own order, lists of plain numbers on one
// line, numbers in their shortest exact form. Pure.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace record {

std::string pretty(const boost::json::value& value);

}  // namespace record

// A conformance result as text: the opening line, the details of what did not pass, and the last line that people
// paste. Pure; a verdict is always a word, colour only repeats it.
#pragma once

#include "harness/record/result.hpp"

#include <string>

namespace reports {

/// "conform gate  reference@0.1.0 127.0.0.1:40001  15 cases, run x7k2mq, seed 1".
std::string opening_line(const record::target& target, const std::string& suite, std::size_t cases,
                         const std::string& run, std::uint64_t seed);

/// One line for each requirement in the table's order.
std::string table(const record::result& result, bool colour);

/// What failed, warned, was blocked or stayed open: expected, actual, likely cause, how to run it again.
std::string details(const record::result& result, bool colour);

/// "PASS  conform gate  …  15 passed  3 s". `look_at` is a file of the run; it is named when there is something to be
/// looked up in it.
std::string last_line(const record::result& result, const std::string& look_at, bool colour);

}  // namespace reports

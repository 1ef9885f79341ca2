// The result of a load run as text: the opening line and the summary (load_line.hpp has the last line). Pure; a verdict
// is always a word, colour only repeats it. What came from the target is shown with its control characters escaped.
#pragma once

#include "harness/record/result.hpp"

#include <string>

namespace reports {

/// "load  reference@0.1.0 127.0.0.1:40001  2,000 users at 200 msg/s, 5 min, run x7k2mq, seed 1".
std::string load_opening_line(const record::target& target, const record::load_plan& plan, const std::string& run,
                              std::uint64_t seed);

/// Plan, messages, latencies, objectives, generator, and the first findings of each class. The result has a load.
std::string load_summary(const record::result& result, bool colour);

}  // namespace reports

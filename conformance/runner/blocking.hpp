// One cause, one red: what did not pass and depends on something that failed is blocked by it. Pure.
#pragma once

#include "conformance/runner/verdict.hpp"

#include <map>
#include <string>
#include <vector>

namespace conformance {

using findings_by_case = std::map<std::string, std::vector<ledger_report>>;

/// A case of whose messages one was lost -> the case that the loss belongs to.
using losses = std::map<std::string, std::string>;

/// A finding of the ledger that is a case's own keeps it red, unless what blocks it found the same: it is seen, not
/// concluded from something that may be missing. A case of whose messages one was lost, and that could not conclude or
/// is about losses itself, is blocked by the requirement that the loss belongs to.
void block(std::vector<record::requirement>& all, const findings_by_case& findings, const losses& lost);

}  // namespace conformance

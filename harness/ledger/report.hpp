// Small helpers with which the rules write findings into a verdict.
#pragma once

#include "harness/ledger/case_file.hpp"
#include "harness/ledger/verdict.hpp"

#include <vector>

namespace ledger {

finding finding_about(const case_file& known, finding_class kind, message_id message, socket_id socket);

// The finding with its proof: the places in ascending order, and as its time the last one's.
finding proved(finding value, std::vector<moment> proof);

void report(verdict& out, finding value, std::vector<moment> proof);

}  // namespace ledger

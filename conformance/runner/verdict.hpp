// From what the workers reported and what the ledger found to one verdict for each selected case. Pure: no I/O, no
// clock.
//
// A ledger finding belongs to the case whose user it concerns when that case's requirement names its class, else to the
// first requirement of the contract that names it: a duplicate seen anywhere breaks RT-02. When that requirement was
// not selected the finding is left over, and a left-over finding turns the run red all the same.
#pragma once

#include "conformance/runner/case_record.hpp"
#include "harness/ledger/verdict.hpp"
#include "harness/record/result.hpp"

#include <string>
#include <vector>

namespace conformance {

/// A ledger finding in words, with the user it concerns.
struct ledger_report {
  ledger::finding_class kind{};
  std::string user;  ///< whose socket or whose message
  std::string sentence;
};

/// What was judged, all shards together.
struct evidence {
  std::vector<case_record> cases;
  std::vector<ledger_report> findings;
  std::vector<std::string> selected;  ///< case ids asked for, in the contract's order
  std::vector<std::string> deaths;    ///< why workers died, for the cases that did not end
};

struct judgement {
  std::vector<record::requirement> requirements;  ///< one for each selected case, in order
  std::vector<ledger_report> left_over;           ///< findings of requirements that were not selected
};

judgement judge_cases(const evidence& of);

}  // namespace conformance

// From what the workers reported and what the ledger found to one verdict for each selected case. Pure: no I/O, no
// clock.
//
// Where a ledger finding belongs, the first of: the case whose user it concerns, when its requirement names the class
// under this circumstance; any requirement that does; the case whose user it concerns, when its requirement names the
// class at all; the first requirement of the contract that does: a duplicate seen anywhere breaks RT-02. When that
// requirement was not selected the finding is left over, and a left-over finding turns the run red all the same.
#pragma once

#include "conformance/contract/requirement.hpp"
#include "conformance/runner/case_record.hpp"
#include "harness/ledger/verdict.hpp"
#include "harness/record/result.hpp"

#include <map>
#include <string>
#include <vector>

namespace conformance {

/// A ledger finding in words, with the user it concerns.
struct ledger_report {
  ledger::finding_class kind{};
  std::string user;  ///< whose socket or whose message
  std::string sentence;
  circumstance when = circumstance::any;
};

/// What was judged, all shards together.
struct evidence {
  std::vector<case_record> cases;
  std::vector<case_record> repeats{};  ///< further attempts of cases that failed
  std::vector<ledger_report> findings;
  std::vector<std::string> selected;                 ///< case ids asked for, in the contract's order
  std::vector<std::string> deaths;                   ///< why workers died, for the cases that did not end
  std::map<std::string, std::string> not_claimed{};  ///< case id -> why it was not run: its feature is not claimed
  std::map<std::string, std::string> by_design{};   ///< case id -> the declaration that contradicts it: it was not run,
                                                    ///< and a finding that lands there is none of the declared ones
  std::map<std::string, std::string> deviations{};  ///< case or requirement id -> the target's reason for failing it
};

struct judgement {
  std::vector<record::requirement> requirements;  ///< one for each selected case, in order
  std::vector<ledger_report> left_over;           ///< findings of requirements that were not selected
};

judgement judge_cases(const evidence& of);

}  // namespace conformance

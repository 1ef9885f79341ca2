// To which case a ledger finding belongs; the rule stands in verdict.hpp. Pure; refers to the evidence it was made
// from.
#pragma once

#include "conformance/runner/verdict.hpp"

#include <map>
#include <optional>
#include <string>

namespace conformance {

class attribution {
 public:
  explicit attribution(const evidence& of);

  /// The case whose user the finding concerns.
  std::optional<std::string> own_case(const ledger_report& finding) const;

  /// The selected case that it breaks; nothing when its requirement was not selected.
  std::optional<std::string> case_of(const ledger_report& finding) const;

 private:
  std::optional<std::string> first_naming(const ledger_report& finding, circumstance when) const;

  const evidence& of_;
  std::map<std::string, std::string> case_of_user_;
};

}  // namespace conformance

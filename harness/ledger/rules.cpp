#include "harness/ledger/rules.hpp"

#include <algorithm>

namespace ledger {

outcome outcome_of(int status, const std::vector<int>& successes, const std::vector<int>& refusals) {
  const auto holds = [status](const std::vector<int>& list) {
    return std::find(list.begin(), list.end(), status) != list.end();
  };
  const bool success = successes.empty() ? status >= 200 && status <= 299 : holds(successes);
  if (success) {
    return outcome::acked;
  }
  if (holds(refusals)) {
    return outcome::refused;
  }
  // 408 and 429 come from parts in front of the store as often as from the store itself: they prove nothing.
  return status >= 400 && status <= 499 && status != 408 && status != 429 ? outcome::refused : outcome::unknown;
}

}  // namespace ledger

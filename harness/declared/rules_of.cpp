#include "harness/declared/rules_of.hpp"

namespace declared {

ledger::rules rules_of(const client::target& target, std::chrono::milliseconds patience) {
  const auto& delivery = target.delivery;
  const bool replays = delivery.offline == client::offline_policy::replay;
  return {.settle = delivery.settle,
          .deadline = patience,
          .announcing_close_codes = {delivery.loss_codes.begin(), delivery.loss_codes.end()},
          .offline = replays ? ledger::offline_policy::replay : ledger::offline_policy::discard,
          .echo_allowed = delivery.echo,
          .everyone_receives = delivery.everyone,
          .warm_up = delivery.warm_up,
          .ids_ordered = target.claims("ordered_ids"),
          .walks_are_stable = target.claims("keyset")};
}

}  // namespace declared

#include "harness/declared/exceptions_of.hpp"

#include "harness/client/target/values.hpp"

namespace declared {

std::vector<record::declared_exception> exceptions_of(const client::target& target) {
  std::vector<record::declared_exception> out;
  if (target.delivery.everyone) {
    const auto reason = target.deviations.find("ISO-01");
    out.push_back({.declared = "delivery.to: everyone",
                   .reason = reason == target.deviations.end() ? "" : reason->second,
                   .counted_as = "broadcast"});
  }
  if (target.delivery.warm_up.count() > 0) {
    out.push_back({.declared = "delivery.warm_up: " + client::write_duration(target.delivery.warm_up),
                   .reason = "",
                   .counted_as = "missed_in_warm_up"});
  }
  return out;
}

}  // namespace declared

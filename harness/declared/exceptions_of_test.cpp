#include "harness/declared/exceptions_of.hpp"

#include <gtest/gtest.h>

namespace declared {
namespace {

TEST(ExceptionsOf, AreNamedWithTheirReasonAndTheirCount) {
  client::target target;
  EXPECT_TRUE(exceptions_of(target).empty());
  target.delivery.everyone = true;
  target.delivery.warm_up = std::chrono::milliseconds(200);
  target.deviations["ISO-01"] = "clients filter";
  const std::vector<record::declared_exception> expected{{"delivery.to: everyone", "clients filter", "broadcast"},
                                                         {"delivery.warm_up: 200ms", "", "missed_in_warm_up"}};
  EXPECT_EQ(exceptions_of(target), expected);
}

}  // namespace
}  // namespace declared

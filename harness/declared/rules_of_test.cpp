#include "harness/declared/rules_of.hpp"

#include "harness/client/target/load.hpp"

#include <gtest/gtest.h>

#include <string>

namespace declared {
namespace {

using namespace std::chrono_literals;

ledger::rules rules_of_file(const std::string& rest) {
  const std::string least =
      "schema: 1\nname: c\nbase_url: http://127.0.0.1:8080\nsocket: { url: ws://127.0.0.1:8080/ws }\n"
      "login: { jwt: { secret: abc } }\n";
  const auto loaded = client::parse_target(least + rest, "t.yaml", {}, client::process_environment());
  return rules_of(loaded.value(), 3s);
}

TEST(RulesOf, AFileThatDeclaresNothingPromisesTheUsual) {
  const auto rules = rules_of_file("");
  EXPECT_EQ(rules.settle, 0ms);
  EXPECT_EQ(rules.deadline, 3s);
  EXPECT_TRUE(rules.announcing_close_codes.empty());
  EXPECT_EQ(rules.offline, ledger::offline_policy::discard);
  EXPECT_FALSE(rules.echo_allowed);
  EXPECT_FALSE(rules.everyone_receives);
  EXPECT_EQ(rules.warm_up, 0ms);
  EXPECT_FALSE(rules.ids_ordered);
  EXPECT_TRUE(rules.ids_unique);
  EXPECT_FALSE(rules.walks_are_stable);
  EXPECT_TRUE(rules.later_message_proves_loss);
}

TEST(RulesOf, EachDeclarationReachesTheLedger) {
  const auto rules = rules_of_file(
      "features: [ordered_ids, keyset]\n"
      "delivery: { settle: 50ms, loss_codes: [1012, 4000], offline: replay, echo: true, to: everyone, warm_up: 200ms "
      "}\n"
      "deviations: { ISO-01: clients filter }\n");
  EXPECT_EQ(rules.settle, 50ms);
  EXPECT_EQ(rules.announcing_close_codes, (std::vector<int>{1012, 4000}));
  EXPECT_EQ(rules.offline, ledger::offline_policy::replay);
  EXPECT_TRUE(rules.echo_allowed);
  EXPECT_TRUE(rules.everyone_receives);
  EXPECT_EQ(rules.warm_up, 200ms);
  EXPECT_TRUE(rules.ids_ordered);
  EXPECT_TRUE(rules.walks_are_stable);
}

}  // namespace
}  // namespace declared

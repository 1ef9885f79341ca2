// Processes killed under load behind HAProxy: the others take over, and no POST is ever carried out twice.
#include "harness/stack/stack.hpp"
#include "reference-server/test/crowd_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fault_test {
namespace {
using testing::IsEmpty;

TEST(BalancerFaults, AKilledProcessLosesAndRepeatsNothing) {
  stack::options wanted;
  wanted.programs = ROLLCALL_BIN;
  wanted.api = 2;
  wanted.gateway = 2;
  wanted.balancer = true;
  auto started = stack::stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  stack::stack& running = **started;
  constexpr int users = 8;
  const pair_options pair{running.base_urls(), running.socket_urls().front()};
  crowd crowd(running.secret(), "bal", std::vector<pair_options>(users, pair));
  for (int left = rounds(3); left > 0; --left) {
    for (const std::string name : {"api1", "g1", "api2", "g2"}) {
      for (int i = 0; i < 20; ++i) crowd.next_acknowledgement();
      ASSERT_TRUE(running.kill(name));
      ASSERT_TRUE(crowd.until_it_works()) << "the other one does not take over from " << name;
      ASSERT_TRUE(running.start(name));
      // The balancer looks every half second; then both carry again.
      ASSERT_TRUE(crowd.until_it_works());
    }
  }
  const judged after = crowd.finish();
  EXPECT_THAT(after.findings, IsEmpty());
  EXPECT_THAT(after.missed, IsEmpty());
  EXPECT_EQ(after.verdict.counts.in_history_checked, after.verdict.counts.acked);
  EXPECT_FALSE(running.failed());
}

}  // namespace
}  // namespace fault_test

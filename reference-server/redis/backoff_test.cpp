#include "reference-server/redis/backoff.hpp"

#include <gtest/gtest.h>

namespace redis {
namespace {

TEST(Backoff, GrowsFromATenthOfASecondToOneSecondAndNoFurther) {
  backoff wait;
  EXPECT_EQ(wait.next().count(), 100);
  EXPECT_EQ(wait.next().count(), 150);
  EXPECT_EQ(wait.next().count(), 225);
  for (int i = 0; i < 10; ++i) wait.next();
  EXPECT_EQ(wait.next().count(), 1000);
  EXPECT_EQ(wait.next().count(), 1000);
}

TEST(Backoff, StartsAnewAfterASuccess) {
  backoff wait;
  for (int i = 0; i < 10; ++i) wait.next();
  wait.succeeded();
  EXPECT_EQ(wait.next().count(), 100);
}

}  // namespace
}  // namespace redis

#include "reference-server/gateway/wheel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace gateway {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::uint32_t> turn(wheel& clock) {
  std::vector<std::uint32_t> looked_at;
  clock.turn([&](std::uint32_t place) { looked_at.push_back(place); });
  return looked_at;
}

TEST(Wheel, CallsOnceWhenTheMomentHasCome) {
  wheel clock;
  clock.set(3, 2);
  clock.set(4, 2);
  clock.set(5, 3);
  EXPECT_THAT(turn(clock), IsEmpty());
  EXPECT_THAT(turn(clock), UnorderedElementsAre(3, 4));
  EXPECT_THAT(turn(clock), ElementsAre(5));
  EXPECT_THAT(turn(clock), IsEmpty());
}

TEST(Wheel, AMomentThatHasPassedIsTheNextTurn) {
  wheel clock;
  for (int i = 0; i < 10; ++i) turn(clock);
  clock.set(0, 4);
  EXPECT_THAT(turn(clock), ElementsAre(0));
}

TEST(Wheel, MovingAndClearing) {
  wheel clock;
  clock.set(0, 1);
  clock.set(0, 2);
  clock.set(1, 1);
  clock.clear(1);
  clock.clear(7);
  EXPECT_EQ(clock.due(0), 2u);
  EXPECT_EQ(clock.due(1), 0u);
  EXPECT_THAT(turn(clock), IsEmpty());
  EXPECT_THAT(turn(clock), ElementsAre(0));
}

TEST(Wheel, ACallMayChangeAnything) {
  wheel clock;
  for (std::uint32_t place = 0; place < 4; ++place) clock.set(place, 1);
  std::vector<std::uint32_t> seen;
  clock.turn([&](std::uint32_t place) {
    seen.push_back(place);
    if (seen.size() > 1) return;
    for (std::uint32_t other = 0; other < 4; ++other) clock.clear(other);
    clock.set(place, 1);
  });
  EXPECT_EQ(seen.size(), 1u);
  EXPECT_EQ(turn(clock), seen);
}

TEST(Wheel, AgreesWithAPlainMap) {
  wheel clock;
  std::map<std::uint32_t, tick> plain;
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    const auto place = static_cast<std::uint32_t>(random() % 50);
    if (random() % 4 == 0) {
      clock.clear(place);
      plain.erase(place);
    } else {
      const tick due = clock.now() + 1 + static_cast<tick>(random() % 2000);
      clock.set(place, due);
      plain[place] = due;
    }
    std::vector<std::uint32_t> expected;
    for (const auto& [other, due] : plain) {
      if (due <= clock.now() + 1) expected.push_back(other);
    }
    for (const auto other : expected) plain.erase(other);
    ASSERT_THAT(turn(clock), testing::UnorderedElementsAreArray(expected));
  }
}

}  // namespace
}  // namespace gateway

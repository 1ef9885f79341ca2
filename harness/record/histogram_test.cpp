#include "harness/record/histogram.hpp"

#include "harness/record/describe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace record {
namespace {

histogram of(const std::vector<std::uint64_t>& values) {
  histogram out;
  for (const auto value : values) {
    out.record(value);
  }
  return out;
}

std::vector<std::uint64_t> drawn(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(std::log(20'000), 1.5);
  std::vector<std::uint64_t> out(n);
  std::generate(out.begin(), out.end(), [&] { return static_cast<std::uint64_t>(latency(random)); });
  return out;
}

TEST(Histogram, EverySlotHoldsItsValuesAndIsNoWiderThanAThousandth) {
  std::uint64_t next = 0;
  for (std::size_t slot = 0; slot <= histogram::slot_of(histogram::longest); ++slot) {
    const auto lowest = histogram::lowest_in(slot);
    const auto highest = histogram::highest_in(slot);
    ASSERT_EQ(lowest, next) << slot;
    ASSERT_EQ(histogram::slot_of(lowest), slot);
    ASSERT_EQ(histogram::slot_of(highest), slot);
    ASSERT_LE((highest - lowest) * 1000, lowest);
    next = highest + 1;
  }
}

TEST(Histogram, SmallValuesAreExact) {
  const auto values = of({0, 1, 1, 2047});
  EXPECT_EQ(values.count(), 4U);
  EXPECT_EQ(values.min(), 0U);
  EXPECT_EQ(values.max(), 2047U);
  EXPECT_EQ(values.percentile(50), 1U);
  EXPECT_EQ(values.percentile(75), 1U);
  EXPECT_EQ(values.percentile(75.1), 2047U);
  EXPECT_DOUBLE_EQ(values.mean(), 2049.0 / 4);
}

TEST(Histogram, PercentilesAreThoseOfTheSortedValuesToThreeDigits) {
  auto values = drawn(20'000, 1);
  const auto recorded = of(values);
  std::sort(values.begin(), values.end());
  for (const double percentile : {0.01, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(percentile / 100 * 20'000 - 1e-9));
    const auto exact = values[rank - 1];
    EXPECT_EQ(recorded.percentile(percentile), histogram::highest_in(histogram::slot_of(exact))) << percentile;
  }
  EXPECT_EQ(recorded.percentile(0), histogram::lowest_in(histogram::slot_of(values.front())));
}

TEST(Histogram, LongerThanAnHourIsAnHourAndIsCounted) {
  histogram values;
  values.record(histogram::longest);
  EXPECT_EQ(values.clamped(), 0U);
  values.record(histogram::longest + 1, 2);
  values.record(~std::uint64_t{0});
  EXPECT_EQ(values.count(), 4U);
  EXPECT_EQ(values.clamped(), 3U);
  EXPECT_EQ(values.max(), histogram::highest_in(histogram::slot_of(histogram::longest)));
}

TEST(Histogram, PartsAddUpToTheWholeInAnyOrder) {
  const auto values = drawn(10'000, 2);
  std::vector<histogram> parts(3);
  histogram whole;
  for (std::size_t i = 0; i < values.size(); ++i) {
    parts[values[i] % 3].record(values[i], i % 2 + 1);
    whole.record(values[i], i % 2 + 1);
  }
  parts[0].record(histogram::longest * 2);
  whole.record(histogram::longest * 2);
  histogram one_way;
  histogram other_way;
  for (std::size_t i = 0; i < 3; ++i) {
    one_way.add(parts[i]);
    other_way.add(parts[2 - i]);
  }
  EXPECT_EQ(one_way, whole);
  EXPECT_EQ(other_way, whole);
  EXPECT_EQ(one_way.clamped(), 1U);
  EXPECT_NE(one_way, parts[0]);
}

TEST(Histogram, TheStandStillOfAClosedLoopIsFilledIn) {
  histogram values;
  values.record_with_expected_interval(1000, 300);
  EXPECT_EQ(values, of({1000, 700, 400}));
  values.reset();
  values.record_with_expected_interval(900, 300);
  EXPECT_EQ(values, of({900, 600, 300}));
  values.reset();
  values.record_with_expected_interval(599, 300);
  values.record_with_expected_interval(5, 0);
  EXPECT_EQ(values, of({599, 5}));
}

TEST(Histogram, AnEmptyOneSaysNothing) {
  histogram values;
  values.record(5, 0);
  EXPECT_TRUE(values.empty());
  EXPECT_EQ(values.percentile(99), 0U);
  EXPECT_EQ(values.max(), 0U);
  EXPECT_EQ(values.mean(), 0);
  EXPECT_TRUE(values.curve().empty());
  values.record(70'000);
  values.reset();
  EXPECT_EQ(values, histogram{});
  values.record(1);
  EXPECT_EQ(values.max(), 1U);
}

TEST(Histogram, TheCurveHalvesItsStepsTowardsTheEnd) {
  histogram values;
  for (std::uint64_t i = 1; i <= 16; ++i) {
    values.record(i);
  }
  std::vector<histogram::point> expected = {{0, 1},     {25, 4},      {50, 8},     {62.5, 10},    {75, 12}, {81.25, 13},
                                            {87.5, 14}, {90.625, 15}, {93.75, 15}, {95.3125, 16}, {100, 16}};
  EXPECT_EQ(values.curve(2), expected);
  EXPECT_EQ(of({7}).curve(), (std::vector<histogram::point>{{0, 7}, {100, 7}}));
}

TEST(Describe, SaysItInMilliseconds) {
  histogram values;
  values.record(1'500, 98);
  values.record(2'000);
  values.record(10'000);
  const auto said = describe(values);
  EXPECT_EQ(said.count, 100U);
  EXPECT_EQ(said.p50_ms, 1.5);
  EXPECT_EQ(said.p90_ms, 1.5);
  EXPECT_EQ(said.p99_ms, 2.0);
  EXPECT_EQ(said.p999_ms, 10.007);
  EXPECT_EQ(said.max_ms, 10.007);
  EXPECT_NEAR(said.mean_ms, 1.59, 0.001);
  ASSERT_FALSE(said.curve.empty());
  EXPECT_EQ(said.curve.front(), (percentile_point{0, 1.5}));
  EXPECT_EQ(said.curve.back(), (percentile_point{100, 10.007}));
  EXPECT_EQ(describe_interval(values), (interval_latency{1.5, 2.0, 10.007}));
  EXPECT_EQ(describe_interval({}), std::nullopt);
  EXPECT_EQ(describe({}), distribution{});
}

}  // namespace
}  // namespace record

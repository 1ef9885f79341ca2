// Objectives and the account that a load run gives of itself.
#include "loadgen/run/audit.hpp"
#include "loadgen/run/objective.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadgen {
namespace {

using testing::HasSubstr;

objective read(const std::string& text) {
  const auto got = parse_objective(text);
  EXPECT_TRUE(got.value) << text << ": " << got.problem;
  return got.value.value_or(objective{});
}

TEST(objective, of_a_latency) {
  const auto p99 = read("delivery.p99<50ms");
  EXPECT_EQ(p99.subject, "delivery");
  EXPECT_EQ(p99.what, objective::measure::percentile);
  EXPECT_EQ(p99.percentile, 99);
  EXPECT_EQ(p99.compare, comparison::less);
  EXPECT_EQ(p99.limit, 50e6);
  const auto spaced = read("ack.p99.9 <= 1.5s");
  EXPECT_EQ(spaced.percentile, 99.9);
  EXPECT_EQ(spaced.compare, comparison::at_most);
  EXPECT_EQ(spaced.limit, 1.5e9);
  EXPECT_EQ(read("ready.max<2s").what, objective::measure::max);
  EXPECT_EQ(read("ack.mean<20ms").what, objective::measure::mean);
}

TEST(objective, of_a_share_within_a_time) {
  const auto within = read("delivery.within(250ms)>=99.9%");
  EXPECT_EQ(within.what, objective::measure::within);
  EXPECT_EQ(within.within, std::chrono::milliseconds(250));
  EXPECT_EQ(within.compare, comparison::at_least);
  EXPECT_DOUBLE_EQ(within.limit, 0.999);
}

TEST(objective, of_counts_and_shares) {
  EXPECT_EQ(read("lost=0").what, objective::measure::count);
  EXPECT_EQ(read("missing_from_history=0").subject, "missing_from_history");
  const auto refused = read("refused<=0.1%");
  EXPECT_EQ(refused.what, objective::measure::share);
  EXPECT_DOUBLE_EQ(refused.limit, 0.001);
}

TEST(objective, says_what_was_expected) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"delivery.p99", "no comparison"},
      {"delivery<50ms", "no measure of a latency"},
      {"delivery.p101<50ms", "no measure"},
      {"delivery.p99<50", "no time"},
      {"delivery.within(x)>=99%", "no measure"},
      {"delivery.within(250ms)>=2", "no share"},
      {"lsot=0", "cannot be measured"},
      {"lost=none", "no count"},
      {"refused<=1", "no share"},
      {"", "no comparison"},
  };
  for (const auto& [text, problem] : mistakes) {
    const auto got = parse_objective(text);
    EXPECT_FALSE(got.value) << text;
    EXPECT_THAT(got.problem, HasSubstr(problem)) << text;
  }
}

final_report healthy() {
  final_report out;
  out.intended = 1000;
  out.on_time = 995;
  out.late = 5;
  out.lag.record(200, 10'000);
  out.ack.intended.record(10'000, 990);
  out.ack.intended.record(90'000, 10);
  out.ledger.counts = {{"sent", 1000}, {"owed", 700}, {"uncertain", 10}, {"refused", 1}, {"unknown", 0}};
  return out;
}

TEST(audit, says_that_the_generator_kept_up) {
  const auto got = audit(healthy(), 0.01, 50, 1.5, 2);
  EXPECT_TRUE(got.kept_up) << got.problem;
  EXPECT_DOUBLE_EQ(got.late_share, 0.005);
  EXPECT_EQ(got.intended, got.on_time + got.late);
}

TEST(audit, says_by_how_much_the_generator_was_behind) {
  final_report late = healthy();
  late.late = 41;
  late.on_time = 959;
  const auto got = audit(late, 0.01, 50, 2, 2);
  EXPECT_FALSE(got.kept_up);
  EXPECT_EQ(got.problem, "4.1 % of sends over 10 ms behind plan (limit 1 %)");
  final_report slow = healthy();
  slow.lag.record(80'000, 200);
  EXPECT_THAT(audit(slow, 0.01, 50, 2, 2).problem, HasSubstr("lag p99"));
}

TEST(coverage, needs_enough_that_could_be_judged) {
  EXPECT_TRUE(cover(healthy(), 0.5, 100).enough);
  final_report few = healthy();
  few.ledger.counts[1].second = 99;
  EXPECT_THAT(cover(few, 0.5, 100).problem, HasSubstr("only 99 messages"));
  final_report open = healthy();
  open.ledger.counts[2].second = 701;
  EXPECT_THAT(cover(open, 0.5, 100).problem, HasSubstr("could be judged"));
}

TEST(judging, an_objective_compares_what_was_measured) {
  EXPECT_TRUE(judge(read("ack.p99<=11ms"), healthy()).ok);
  EXPECT_FALSE(judge(read("ack.max<50ms"), healthy()).ok);
  EXPECT_FALSE(judge(read("ack.within(50ms)>=99.5%"), healthy()).ok);
  EXPECT_TRUE(judge(read("ack.within(50ms)>=99%"), healthy()).ok);
  EXPECT_TRUE(judge(read("refused<=0.1%"), healthy()).ok);
  EXPECT_FALSE(judge(read("refused<0.1%"), healthy()).ok);
  final_report lossy = healthy();
  lossy.classes["lost"] = 2;
  const auto lost = judge(standing_objectives().front(), lossy);
  EXPECT_FALSE(lost.ok);
  EXPECT_EQ(lost.text, "lost = 0");
  EXPECT_EQ(lost.actual, "2");
}

TEST(judging, what_was_not_measured_is_not_kept) {
  const auto got = judge(read("delivery.p99<50ms"), healthy());
  EXPECT_FALSE(got.ok);
  EXPECT_EQ(got.actual, "nothing was measured");
}

}  // namespace
}  // namespace loadgen

#include "conformance/runner/case_record.hpp"

#include "conformance/runner/worker_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

const case_record* take_all(shard_record& into, std::string_view lines) {
  const case_record* last = nullptr;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    last = into.take(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
  return last;
}

TEST(shard_record, reads_what_a_worker_writes) {
  const check looked{.force = level::should, .what = "a \"status\"", .expected = "201", .actual = "200\n", .ok = false};
  shard_record shard;
  const case_record* ended =
      take_all(shard, planned_line({"RT-01", "RT-02"}) + begin_line("RT-01") + user_line("rc-x-1") +
                          check_line(looked) + trials_line(2) + trials_line(3) + end_line("RT-01", 0.5));
  ASSERT_NE(ended, nullptr);
  EXPECT_EQ(ended->id, "RT-01");
  EXPECT_THAT(ended->users, testing::ElementsAre("rc-x-1"));
  ASSERT_EQ(ended->checks.size(), 1U);
  EXPECT_EQ(ended->checks[0].force, level::should);
  EXPECT_EQ(ended->checks[0].what, looked.what);
  EXPECT_EQ(ended->checks[0].actual, looked.actual);
  EXPECT_FALSE(ended->checks[0].ok);
  EXPECT_EQ(ended->trials, 5);
  EXPECT_TRUE(ended->ended);
  EXPECT_DOUBLE_EQ(ended->seconds, 0.5);
  EXPECT_THAT(shard.not_begun(), testing::ElementsAre("RT-02"));
  EXPECT_FALSE(shard.done);
  take_all(shard, done_line());
  EXPECT_TRUE(shard.done);
}

TEST(shard_record, a_case_without_its_end_has_not_ended) {
  shard_record shard;
  take_all(shard, planned_line({"RT-01"}) + begin_line("RT-01") + inconclusive_line("why") + not_run_line("no hook"));
  ASSERT_EQ(shard.cases.size(), 1U);
  EXPECT_FALSE(shard.cases[0].ended);
  EXPECT_EQ(shard.cases[0].inconclusive, "why");
  EXPECT_EQ(shard.cases[0].not_run, "no hook");
  EXPECT_THAT(shard.not_begun(), testing::IsEmpty());
}

TEST(shard_record, keeps_strays_wherever_they_are_told) {
  shard_record shard;
  take_all(shard, stray_line({.user = "rc-x-1", .body = "rc-y", .at = std::chrono::nanoseconds(7)}));
  ASSERT_EQ(shard.strays.size(), 1U);
  EXPECT_EQ(shard.strays[0].user, "rc-x-1");
  EXPECT_EQ(shard.strays[0].at.count(), 7);
}

TEST(shard_record, refuses_what_no_worker_writes) {
  shard_record shard;
  EXPECT_THROW(shard.take("[ RUN ] RT.01"), std::runtime_error);
  EXPECT_THROW(shard.take("{}"), std::runtime_error);
  EXPECT_THROW(shard.take(R"({"check": {}})"), std::runtime_error);  // outside of a case
  take_all(shard, begin_line("RT-01"));
  EXPECT_THROW(shard.take(R"({"verdict": "pass"})"), std::runtime_error);
}

TEST(worker_plan, comes_back_as_it_went) {
  worker_plan plan;
  plan.run = "abc12301";
  plan.seed = 0xffffffffffffffffULL;
  plan.target_text = "name: \"x\"\n";
  plan.target_name = "x.yaml";
  plan.connections = R"({"insecure":true})";
  plan.overrides = {"login.jwt.secret=s", "a=b"};
  plan.cases = {"AUTH-02[expired]"};
  plan.trace_file = "/tmp/t";
  plan.first_number = 200'000;
  plan.epoch = std::chrono::nanoseconds(123456789012345);
  plan.patience = std::chrono::milliseconds(2500);
  const worker_plan back = plan_from_json(to_json(plan));
  EXPECT_EQ(back.run, plan.run);
  EXPECT_EQ(back.seed, plan.seed);
  EXPECT_EQ(back.target_text, plan.target_text);
  EXPECT_EQ(back.target_name, plan.target_name);
  EXPECT_EQ(back.connections, plan.connections);
  EXPECT_EQ(back.overrides, plan.overrides);
  EXPECT_EQ(back.cases, plan.cases);
  EXPECT_EQ(back.trace_file, plan.trace_file);
  EXPECT_EQ(back.first_number, plan.first_number);
  EXPECT_EQ(back.epoch, plan.epoch);
  EXPECT_EQ(back.patience, plan.patience);
}

}  // namespace
}  // namespace conformance

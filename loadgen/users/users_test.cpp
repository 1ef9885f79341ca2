// What a worker counts and says, without a target.
#include "loadgen/users/report_lines.hpp"
#include "loadgen/users/tally.hpp"
#include "loadgen/users/worker_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(worker_plan, comes_back_as_it_was_written) {
  worker_plan plan;
  plan.run = "abc123";
  plan.shape = {.seed = 0xFFFFFFFFFFFFFFFFULL,
                .rate = 12.5,
                .kind = arrival_kind::poisson,
                .online = 0.7,
                .session = seconds(60)};
  plan.users = 1000;
  plan.first_cell = 3;
  plan.cells = 7;
  plan.duration = milliseconds(1500);
  plan.patience = milliseconds(2500);
  plan.connects_per_second = 50;
  plan.target_text = "name: \"x\"\n";
  plan.overrides = {"a=b", "c=\"d\""};
  plan.connection_options = R"({"insecure":true})";
  plan.folder = "/some/where";
  plan.number = 2;
  const worker_plan back = plan_from_json(to_json(plan));
  EXPECT_EQ(to_json(back), to_json(plan));
  EXPECT_EQ(back.shape.seed, plan.shape.seed);
  EXPECT_EQ(back.shape.kind, arrival_kind::poisson);
  EXPECT_EQ(to_json(plan).find('\n'), std::string::npos) << "a plan is one line";
}

TEST(command, is_read_from_its_line) {
  const auto start = read_command(start_line(nanoseconds(123)));
  ASSERT_TRUE(start);
  EXPECT_EQ(start->kind, command::what::start);
  EXPECT_EQ(start->at, nanoseconds(123));
  EXPECT_EQ(read_command(stop_line())->kind, command::what::stop);
  EXPECT_FALSE(read_command("hello"));
  EXPECT_FALSE(read_command(R"({"start":"soon"})"));
}

TEST(tally, intended_is_on_time_and_late_and_not_sent) {
  tally counts;
  for (int i = 0; i < 3; ++i) counts.intended(milliseconds(i));
  counts.begun(milliseconds(1), milliseconds(10));
  counts.begun(milliseconds(30), milliseconds(10) + nanoseconds(1));
  counts.not_sent("connect");
  EXPECT_EQ(counts.sums().on_time, 1U);
  EXPECT_EQ(counts.sums().late, 1U);
  EXPECT_THAT(counts.sums().not_sent, testing::ElementsAre(testing::Pair("connect", 1U)));
  EXPECT_EQ(counts.sums().intended, 3U);
}

TEST(tally, gives_each_interval_once_and_only_when_it_is_over) {
  tally counts;
  counts.intended(milliseconds(100));
  counts.handed_over(milliseconds(100), false);
  counts.acknowledged(milliseconds(1100), milliseconds(1000), milliseconds(1));
  EXPECT_FALSE(counts.take(milliseconds(999), 5, 0));
  const auto first = counts.take(milliseconds(1000), 5, 2);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->number, 0U);
  EXPECT_EQ(first->intended, 1U);
  EXPECT_EQ(first->sent, 1U);
  EXPECT_EQ(first->acknowledged, 0U);
  EXPECT_EQ(first->online, 5U);
  EXPECT_EQ(first->findings, 2U);
  EXPECT_FALSE(counts.take(milliseconds(1999), 5, 2));
  const auto second = counts.take(milliseconds(2500), 5, 2);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->number, 1U);
  EXPECT_EQ(second->acknowledged, 1U);
  EXPECT_EQ(second->ack.max(), record::histogram::highest_in(record::histogram::slot_of(1'000'000)));
  EXPECT_FALSE(counts.take_last(5, 2));
}

TEST(tally, what_comes_for_an_interval_that_was_given_counts_in_the_next) {
  tally counts;
  counts.intended(milliseconds(100));
  ASSERT_TRUE(counts.take(milliseconds(1000), 0, 0));
  counts.intended(milliseconds(200));
  EXPECT_EQ(counts.take(milliseconds(2000), 0, 0)->intended, 1U);
}

TEST(tally, a_standstill_counts_for_all_the_ticks_that_it_swallowed) {
  tally counts;
  for (int i = 0; i < 180; ++i) counts.lagged(milliseconds(5 * i), nanoseconds(0), milliseconds(5));
  counts.lagged(milliseconds(1000), milliseconds(100), milliseconds(5));
  EXPECT_GE(counts.sums().lag.percentile(95), 50'000U);  // 100 ms in a second are a tenth of it
}

TEST(report_line, comes_back_as_it_was_written) {
  interval_report interval{.number = 3, .intended = 5, .sent = 4, .acknowledged = 3, .refused = 1, .delivered = 2};
  interval.ack.record(1500, 3);
  const auto line = to_line(interval);
  EXPECT_EQ(line.back(), '\n');
  const auto got = std::get<interval_report>(read_line(line));
  EXPECT_EQ(got.number, 3U);
  EXPECT_EQ(got.delivered, 2U);
  EXPECT_EQ(got.ack, interval.ack);
  EXPECT_TRUE(got.delivery.empty());

  final_report final;
  final.intended = 10;
  final.not_sent["reset"] = 2;
  final.ack.intended.record(7);
  final.classes["lost"] = 1;
  final.ledger.counts = {{"sent", 10}, {"owed", 6}};
  record::finding lost;
  lost.kind = "lost";
  lost.message = record::message_name{"12", "rc-x-1", 3};
  lost.socket = 4;
  lost.at = 1.5;
  record::finding phantom;
  phantom.kind = "phantom";
  final.ledger.findings = {lost, phantom};
  final.cut_short = "stopped";
  const auto back = std::get<final_report>(read_line(to_line(final)));
  EXPECT_EQ(back.ledger, final.ledger);
  EXPECT_EQ(back.classes, final.classes);
  EXPECT_EQ(back.not_sent, final.not_sent);
  EXPECT_EQ(back.ack.intended, final.ack.intended);
  EXPECT_EQ(back.cut_short, "stopped");

  EXPECT_EQ(std::get<phase_report>(read_line(to_line(phase_report{"connecting", 1, 2}))).of, 2U);
  EXPECT_EQ(std::get<ready_report>(read_line(to_line(ready_report{7}))).online, 7U);
  EXPECT_EQ(std::get<failed_report>(read_line(to_line(failed_report{"why"}))).reason, "why");
  EXPECT_ANY_THROW(read_line("{}"));
}

TEST(final_report, of_several_workers_adds_up) {
  final_report sum;
  final_report one;
  one.intended = 3;
  one.lag.record(100);
  one.classes["lost"] = 2;
  one.ledger.counts = {{"sent", 3}};
  sum.add(one);
  sum.add(one);
  EXPECT_EQ(sum.intended, 6U);
  EXPECT_EQ(sum.lag.count(), 2U);
  EXPECT_EQ(sum.classes["lost"], 4U);
  EXPECT_THAT(sum.ledger.counts, testing::ElementsAre(testing::Pair("sent", 6U)));
}

}  // namespace
}  // namespace loadgen

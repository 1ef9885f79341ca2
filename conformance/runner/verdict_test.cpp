#include "conformance/runner/verdict.hpp"

#include "conformance/contract/requirement.hpp"
#include "conformance/runner/conform.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace conformance {
namespace {

using ledger::finding_class;
using record::requirement_verdict;
using testing::ElementsAre;
using testing::IsEmpty;

case_record passed(const std::string& id, std::vector<std::string> users = {}) {
  return {.id = id,
          .checks = {{.what = "something", .expected = "x", .actual = "x", .ok = true}},
          .users = std::move(users),
          .inconclusive = {},
          .not_run = {},
          .trials = 1,
          .ended = true};
}

case_record failed(const std::string& id) {
  auto record = passed(id);
  record.checks.push_back({.what = "something else", .expected = "x", .actual = "y", .ok = false});
  return record;
}

case_record inconclusive(const std::string& id) {
  auto record = passed(id);
  record.inconclusive = "the fence did not arrive";
  return record;
}

evidence of(std::vector<case_record> cases, std::vector<ledger_report> findings = {}) {
  evidence made{.cases = std::move(cases), .findings = std::move(findings), .selected = {}, .deaths = {}};
  for (const auto& each : made.cases) made.selected.push_back(each.id);
  return made;
}

std::vector<requirement_verdict> verdicts(const judgement& judged) {
  std::vector<requirement_verdict> all;
  for (const auto& each : judged.requirements) all.push_back(each.verdict);
  return all;
}

TEST(verdict, passes_what_was_tried_and_held) {
  EXPECT_THAT(verdicts(judge_cases(of({passed("MSG-01")}))), ElementsAre(requirement_verdict::pass));
}

TEST(verdict, a_case_that_tried_nothing_is_no_pass) {
  auto idle = passed("MSG-01");
  idle.trials = 0;
  EXPECT_THAT(verdicts(judge_cases(of({idle}))), ElementsAre(requirement_verdict::inconclusive));
}

TEST(verdict, a_broken_check_fails) {
  EXPECT_THAT(verdicts(judge_cases(of({failed("MSG-01")}))), ElementsAre(requirement_verdict::fail));
}

TEST(verdict, a_broken_should_warns) {
  auto record = passed("MSG-01");
  record.checks.push_back({.force = level::should, .what = "status", .expected = "201", .actual = "200", .ok = false});
  EXPECT_THAT(verdicts(judge_cases(of({record}))), ElementsAre(requirement_verdict::warning));
}

TEST(verdict, a_case_whose_worker_died_is_our_error) {
  auto record = passed("MSG-01");
  record.ended = false;
  auto seen = of({record});
  seen.deaths = {"a worker was killed by signal 11"};
  const auto judged = judge_cases(seen);
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::error));
  EXPECT_EQ(judged.requirements[0].reason, seen.deaths[0]);
}

TEST(verdict, a_case_that_never_began_is_not_run) {
  auto seen = of({passed("MSG-01")});
  seen.selected.push_back("RT-01");
  EXPECT_THAT(verdicts(judge_cases(seen)), ElementsAre(requirement_verdict::pass, requirement_verdict::not_run));
}

TEST(verdict, a_case_whose_worker_died_before_it_could_begin_is_our_error) {
  auto seen = of({passed("MSG-01")});
  seen.selected.push_back("RT-01");
  seen.deaths = {"a worker was killed by signal 9"};
  const auto judged = judge_cases(seen);
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::pass, requirement_verdict::error));
  EXPECT_EQ(judged.requirements[1].reason, seen.deaths[0]);
}

TEST(verdict, a_finding_fails_the_requirement_that_names_its_class_wherever_it_was_seen) {
  const auto judged = judge_cases(of({passed("RT-01"), passed("RT-02"), passed("ISO-01", {"carol"})},
                                     {{finding_class::duplicated, "carol", "twice"}}));
  EXPECT_THAT(verdicts(judged),
              ElementsAre(requirement_verdict::pass, requirement_verdict::fail, requirement_verdict::pass));
  EXPECT_THAT(judged.left_over, IsEmpty());
}

TEST(verdict, a_finding_stays_with_its_own_case_when_that_names_the_class) {
  const auto judged = judge_cases(of({passed("MSG-02", {"alice"}), passed("OFF-01", {"bob"})},
                                     {{finding_class::missing_from_history, "bob", "not there"}}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::pass, requirement_verdict::fail));
}

TEST(verdict, a_finding_of_a_requirement_that_was_not_selected_is_left_over) {
  const auto judged = judge_cases(of({passed("RT-01", {"bob"})}, {{finding_class::duplicated, "bob", "twice"}}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::pass));
  ASSERT_EQ(judged.left_over.size(), 1U);
}

TEST(verdict, what_depends_on_a_failure_is_blocked_by_it) {
  const auto judged =
      judge_cases(of({failed("MSG-01"), inconclusive("RT-01"), failed("AUTH-04"), inconclusive("ISO-01")}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::fail, requirement_verdict::blocked,
                                            requirement_verdict::blocked, requirement_verdict::blocked));
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(judged.requirements[i].blocked_by, "MSG-01");
}

TEST(verdict, a_pass_is_not_blocked) {
  const auto judged = judge_cases(of({failed("MSG-01"), passed("AUTH-04")}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::fail, requirement_verdict::pass));
}

TEST(verdict, a_finding_of_its_own_is_not_blocked) {
  const auto judged =
      judge_cases(of({passed("RT-01", {"bob"}), inconclusive("ISO-01")},
                     {{finding_class::lost, "bob", "gone"}, {finding_class::misrouted, "eve", "seen"}}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::fail, requirement_verdict::fail));
}

TEST(verdict, the_same_loss_seen_twice_is_one_red) {
  const auto judged = judge_cases(of({passed("RT-01", {"bob"}), passed("LIFE-02", {"eve"})},
                                     {{finding_class::lost, "bob", "gone"},
                                      {finding_class::lost, "eve", "gone, too", circumstance::after_reconnect}}));
  EXPECT_EQ(judged.requirements[0].verdict, requirement_verdict::fail);
  EXPECT_EQ(judged.requirements[1].verdict, requirement_verdict::blocked);
  const auto all = judge_cases(of({passed("RT-01", {"bob"}), passed("LIFE-01", {"eve"})},
                                  {{finding_class::lost, "bob", "gone"},
                                   {finding_class::lost, "eve", "gone, too", circumstance::right_after_ready}}));
  EXPECT_THAT(verdicts(all), ElementsAre(requirement_verdict::fail, requirement_verdict::blocked));
}

TEST(verdict, a_finding_goes_to_whom_its_circumstance_belongs) {
  const auto judged = judge_cases(of({passed("RT-01", {"bob"}), passed("LIFE-01")},
                                     {{finding_class::lost, "bob", "gone", circumstance::right_after_ready}}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::blocked, requirement_verdict::fail));
  const auto alone = judge_cases(
      of({passed("RT-01", {"bob"})}, {{finding_class::lost, "bob", "gone", circumstance::right_after_ready}}));
  EXPECT_THAT(verdicts(alone), ElementsAre(requirement_verdict::fail));
}

TEST(verdict, a_case_whose_fence_was_lost_is_blocked_by_the_owner_of_the_loss) {
  auto fenced = inconclusive("OFF-02");
  fenced.users = {"bob"};
  const auto judged = judge_cases(of({passed("RT-01"), fenced, passed("LIFE-01")},
                                     {{finding_class::lost, "bob", "gone", circumstance::right_after_ready}}));
  EXPECT_THAT(verdicts(judged),
              ElementsAre(requirement_verdict::pass, requirement_verdict::blocked, requirement_verdict::fail));
  EXPECT_EQ(judged.requirements[1].blocked_by, "LIFE-01");
}

TEST(verdict, a_failure_that_is_tried_again_says_how_often) {
  auto seen = of({failed("MSG-01")});
  seen.repeats = {passed("MSG-01"), failed("MSG-01"), passed("MSG-01")};
  const auto judged = judge_cases(seen);
  EXPECT_EQ(judged.requirements[0].verdict, requirement_verdict::fail);
  EXPECT_EQ(judged.requirements[0].reason, "fails 2 of 4 attempts");
}

TEST(verdict, a_declared_failure_is_a_deviation) {
  auto seen = of({failed("MSG-04"), passed("MSG-05")});
  seen.deviations = {{"MSG-04", "bodies are trimmed"}, {"MSG-05", "by design"}};
  const auto judged = judge_cases(seen);
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::deviation, requirement_verdict::pass));
  EXPECT_EQ(judged.requirements[0].reason, "bodies are trimmed");
}

// Everybody receives, says the target file; a message in somebody else's history is not that.
TEST(verdict, a_finding_beyond_what_is_by_design_stays_a_failure) {
  auto seen = of({passed("RT-01")});
  seen.selected.emplace_back("ISO-01");
  seen.by_design["ISO-01"] = "everybody receives";
  seen.deviations["ISO-01"] = "clients filter";
  EXPECT_THAT(verdicts(judge_cases(seen)), ElementsAre(requirement_verdict::pass, requirement_verdict::deviation));
  seen.findings = {{finding_class::misrouted, "eve", "in her history"}};
  const auto judged = judge_cases(seen);
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::pass, requirement_verdict::fail));
  EXPECT_EQ(judged.requirements[1].reason, "beyond this: everybody receives");
}

TEST(verdict, a_must_of_the_hardening_tier_warns) {
  const auto judged = judge_cases(of({failed("CHAT-01"), failed("VAL-13")}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::fail, requirement_verdict::warning));
}

TEST(verdict, what_is_not_claimed_is_no_pass) {
  auto seen = of({passed("MSG-01")});
  seen.selected.push_back("SOCK-03");
  seen.not_claimed["SOCK-03"] = "the target file does not claim receive_only";
  EXPECT_THAT(verdicts(judge_cases(seen)), ElementsAre(requirement_verdict::pass, requirement_verdict::not_claimed));
}

TEST(verdict, inconclusive_alone_stays_inconclusive) {
  const auto judged = judge_cases(of({passed("RT-01"), inconclusive("ISO-01")}));
  EXPECT_THAT(verdicts(judged), ElementsAre(requirement_verdict::pass, requirement_verdict::inconclusive));
}

TEST(verdict, every_class_of_finding_has_a_home) {
  for (std::size_t i = 0; i < ledger::finding_classes; ++i) {
    const auto kind = static_cast<finding_class>(i);
    const bool named = std::ranges::any_of(all_requirements(), [&](const requirement& each) {
      return std::ranges::count(each.findings, kind, &breach::kind) > 0;
    });
    EXPECT_TRUE(named) << ledger::name(kind);
  }
}

TEST(contract, dependencies_come_before_what_depends_on_them) {
  std::vector<std::string_view> seen;
  for (const auto& each : all_requirements()) {
    for (const auto& needed : each.depends_on)
      EXPECT_EQ(std::ranges::count(seen, needed), 1) << each.id << " needs " << needed;
    EXPECT_EQ(std::ranges::count(seen, each.id), 0) << each.id << " twice";
    seen.push_back(each.id);
  }
}

TEST(selection, takes_globs_and_variants) {
  EXPECT_THAT(select_cases({"ISO-*"}, {}), ElementsAre("ISO-01", "ISO-02"));
  EXPECT_THAT(select_cases({"AUTH-02[expired]", "OFF-02"}, {}), ElementsAre("AUTH-02[expired]", "OFF-02"));
  EXPECT_THAT(select_cases({"AUTH-02"}, {"AUTH-02[alg-none]"}),
              ElementsAre("AUTH-02[garbage]", "AUTH-02[expired]", "AUTH-02[wrong-key]"));
  EXPECT_THAT(select_cases({"RT-99"}, {}), IsEmpty());
  EXPECT_THAT(select_cases({}, {"*"}), IsEmpty());
}

}  // namespace
}  // namespace conformance

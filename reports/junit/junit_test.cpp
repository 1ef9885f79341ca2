#include "reports/junit/junit.hpp"

#include "reports/test/samples.hpp"
#include "reports/test/xml.hpp"
#include "reports/text/visible.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using record::requirement_verdict;
using record::run_verdict;
using testing::HasSubstr;

test::xml_element suites(const std::vector<record::result>& results) {
  std::vector<run> runs;
  for (const auto& each : results) runs.push_back({"runs/x", each});
  const auto text = junit(runs);
  auto read = test::parse_xml(text);
  EXPECT_TRUE(read) << text;
  return read.value_or(test::xml_element{});
}

TEST(JUnit, TellsFailureErrorAndSkippedApart) {
  const auto all = suites({test::conform_with_every_verdict()});
  ASSERT_THAT(all.children, testing::SizeIs(1));
  const auto& suite = all.children[0];
  const auto outcome = [&](const std::string& name) {
    const auto* found = suite.named(name);
    return found == nullptr ? "missing" : found->children.empty() ? "passed" : found->children[0].name;
  };
  EXPECT_EQ(outcome("RT-00 title of RT-00"), "passed");
  EXPECT_EQ(outcome("RT-01 title of RT-01"), "failure");
  for (const auto* id : {"RT-02", "RT-03", "RT-04", "RT-05", "RT-06", "RT-07"}) {  // warning … blocked
    EXPECT_EQ(outcome(std::string(id) + " title of " + id), "skipped") << id;
  }
  EXPECT_EQ(outcome("RT-08 title of RT-08"), "error");  // inconclusive
  EXPECT_EQ(outcome("RT-09 title of RT-09"), "error");
  EXPECT_EQ(suite.named("RT-07 title of RT-07")->children[0].attributes.at("message"), "blocked: by RT-01: reason 7");
  const auto& failure = suite.named("RT-01 title of RT-01")->children[0];
  EXPECT_EQ(failure.attributes.at("type"), "fail");
  EXPECT_THAT(failure.text, HasSubstr("Expected: 1"));
  EXPECT_THAT(failure.text, HasSubstr("Again: rollcall conform"));
}

TEST(JUnit, CountsWhatStandsInIt) {
  const auto all = suites({test::conform_with_every_verdict(), test::load_passed()});
  for (const auto& each : {all, all.children[0], all.children[1]}) {
    EXPECT_EQ(each.attributes.at("tests"), std::to_string(each.count("testcase")));
    EXPECT_EQ(each.attributes.at("failures"), std::to_string(each.count("failure")));
    EXPECT_EQ(each.attributes.at("errors"), std::to_string(each.count("error")));
    EXPECT_EQ(each.attributes.at("skipped"), std::to_string(each.count("skipped")));
  }
  EXPECT_EQ(all.attributes.at("failures"), "1");
  EXPECT_EQ(all.attributes.at("errors"), "2");
}

TEST(JUnit, ALoadRunHasItsObjectivesAndItsGenerator) {
  auto run = test::load_passed();
  EXPECT_EQ(suites({run}).count("failure") + suites({run}).count("error"), 0U);
  run.verdict = run_verdict::findings;
  run.load->objectives[0].ok = false;
  run.load->generator.kept_up = false;
  run.load->generator.problem = "late";
  run.load->coverage.enough = false;
  const auto all = suites({run});
  EXPECT_EQ(all.count("failure"), 1U);
  EXPECT_EQ(all.count("error"), 2U);
}

TEST(JUnit, WhatDidNotPassIsNeverGreen) {
  for (int verdict = 1; verdict < 8; ++verdict) {
    for (auto run : {test::conform_passed(), test::load_passed(), record::result{}}) {
      run.verdict = static_cast<run_verdict>(verdict);
      const auto all = suites({run});
      EXPECT_EQ(all.count("failure") + all.count("error"), 1U) << record::word(run.verdict);
      EXPECT_EQ(all.count("failure"), run.verdict == run_verdict::findings ? 1U : 0U);
    }
  }
}

TEST(JUnit, StaysWellFormedWithHostileText) {
  auto run = test::conform_with_every_verdict();
  run.target.name = test::hostile;
  for (auto& each : run.requirements) {
    each.reason = test::hostile;
    each.title = test::hostile;
    for (auto& check : each.checks) check.actual = test::hostile;
  }
  const auto all = suites({run});
  EXPECT_EQ(all.count("script"), 0U);
  EXPECT_EQ(all.count("testcase"), run.requirements.size());
  EXPECT_EQ(all.children[0].children[1].attributes.at("name"), "RT-01 " + visible(test::hostile));
}

}  // namespace
}  // namespace reports

#include "reports/markdown/markdown.hpp"

#include "reports/markdown/spans.hpp"
#include "reports/test/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string of(const record::result& result) {
  return markdown(std::vector{run{"runs/x", result}});
}

TEST(Spans, CodeCannotBeEnded) {
  EXPECT_EQ(code("plain"), "`plain`");
  EXPECT_EQ(code(""), "(empty)");
  EXPECT_EQ(code("a`b"), "``a`b``");
  EXPECT_EQ(code("a``b`"), "``` a``b` ```");
  EXPECT_EQ(code("a|b\nc"), "`a\\|b\\nc`");
  EXPECT_EQ(code("ääää", 5), "`ää…`");
}

TEST(Spans, ProseIsNoMarkup) {
  EXPECT_EQ(prose("a*b_c <i> [x](y) | `z`"), "a\\*b\\_c \\<i\\> \\[x\\](y) \\| \\`z\\`");
  EXPECT_EQ(prose("@everyone https://evil.example"), "@<!-- -->everyone https:<!-- -->//evil.example");
}

TEST(Markdown, OpensWithTheVerdictAndTellsTheFailure) {
  const auto text = of(test::conform_with_every_verdict());
  EXPECT_THAT(text, HasSubstr("## FAIL: conform gate `shop-chat@4f2c1e9 127.0.0.1:8080`\n\n1 of 5 judged"));
  EXPECT_THAT(text, HasSubstr("- Requirement: The sentence of RT-01."));
  EXPECT_THAT(text, HasSubstr("  - Expected: `1`\n  - Actual: `2`"));
  EXPECT_THAT(text, HasSubstr("- Again: `rollcall conform -t shop.yaml --only 'RT-01'`"));
  EXPECT_THAT(text, HasSubstr("- blocked: RT-07 — by RT-01: reason 7"));
  EXPECT_THAT(text, HasSubstr("- not claimed: RT-05 — reason 5"));
  EXPECT_THAT(text, HasSubstr("| pass | RT-00 |"));
}

TEST(Markdown, HasTheLoadAndItsGenerator) {
  const auto text = of(test::load_passed());
  EXPECT_THAT(text, HasSubstr("The generator kept up: of 60,000 intended sends"));
  EXPECT_THAT(text, HasSubstr("| `lost = 0` | `0` | kept |"));
  EXPECT_THAT(text, HasSubstr("| ack | 60,000 | 10 ms | 30 ms | 48 ms | 90 ms | 160 ms |"));
}

TEST(Markdown, StaysUnderItsLimitAndSaysWhatIsMissing) {
  auto run = test::conform_with_every_verdict();
  for (int i = 0; i < 3000; ++i) run.ledger.findings.push_back(test::finding(i % 2 == 0 ? "lost" : "duplicated", i));
  for (int i = 0; i < 3000; ++i) {
    auto one = test::requirement("XX-" + std::to_string(i), record::requirement_verdict::fail);
    one.checks = std::vector<record::check>(4, {"what", std::string(900, '<'), std::string(900, '`'), false});
    run.requirements.push_back(one);
  }
  const std::vector<reports::run> three{{"a", run}, {"b", run}, {"c", test::load_passed()}};
  const auto text = markdown(three);
  EXPECT_LE(text.size(), markdown_limit);
  EXPECT_GT(text.size(), markdown_limit / 2);
  EXPECT_THAT(text, HasSubstr("more that failed left out here for size; result.json has them."));
  EXPECT_THAT(text, HasSubstr("## PASS: load"));  // the third run has its room
}

TEST(Markdown, LetsHostileTextBeNothingButText) {
  auto run = test::conform_with_every_verdict();
  run.target.name = test::hostile;
  for (auto& each : run.requirements) {
    each.reason = test::hostile;
    for (auto& check : each.checks) check.actual = test::hostile;
  }
  const auto text = of(run);
  EXPECT_THAT(text, Not(HasSubstr("\n# x")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
  // Outside of code spans nothing opens an element or a mention.
  EXPECT_THAT(text, HasSubstr("\\</script\\>\\<script\\>"));
  EXPECT_THAT(text, HasSubstr("@<!-- -->everyone"));
}

}  // namespace
}  // namespace reports

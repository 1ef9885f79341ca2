#include "reports/test/samples.hpp"
#include "reports/text/exceptions.hpp"
#include "reports/text/quantity.hpp"
#include "reports/text/sentence.hpp"
#include "reports/text/tally.hpp"
#include "reports/text/visible.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using record::requirement_verdict;
using record::run_verdict;
using testing::HasSubstr;
using testing::Not;

TEST(Quantity, IsWrittenForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(54'012), "54,012");
  EXPECT_EQ(grouped(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
  EXPECT_EQ(amount(1, "user", "users"), "1 user");
  EXPECT_EQ(amount(2000, "user", "users"), "2,000 users");
  EXPECT_EQ(milliseconds(0), "0 ms");
  EXPECT_EQ(milliseconds(0.42), "0.42 ms");
  EXPECT_EQ(milliseconds(0.999), "1 ms");
  EXPECT_EQ(milliseconds(4.24), "4.2 ms");
  EXPECT_EQ(milliseconds(48.4), "48 ms");
  EXPECT_EQ(milliseconds(999.6), "1.00 s");
  EXPECT_EQ(milliseconds(12'500), "12.5 s");
  EXPECT_EQ(time_span(0.7), "0.7 s");
  EXPECT_EQ(time_span(38.25), "38 s");
  EXPECT_EQ(time_span(300), "5 min");
  EXPECT_EQ(time_span(330), "5 min 30 s");
  EXPECT_EQ(time_span(7800), "2 h 10 min");
  EXPECT_EQ(percent(0), "0 %");
  EXPECT_EQ(percent(0.0007), "0.07 %");
  EXPECT_EQ(percent(0.041), "4.1 %");
  EXPECT_EQ(percent(0.00001), "under 0.01 %");
  EXPECT_EQ(percent(0.99999), "over 99.99 %");
  EXPECT_EQ(percent(0.9992), "99.92 %");
  EXPECT_EQ(percent(1), "100 %");
  EXPECT_EQ(plain_number(200), "200");
  EXPECT_EQ(plain_number(0.5), "0.5");
  EXPECT_EQ(plain_number(1250.25), "1,250.25");
}

TEST(Visible, ShowsWhatWouldNotBeSeen) {
  EXPECT_EQ(visible("plain, with ümlaut, 漢 and 🙂"), "plain, with ümlaut, 漢 and 🙂");
  EXPECT_EQ(visible("a\nb\tc\rd\x1b[0m\x7f"), "a\\nb\\tc\\rd\\x1b[0m\\x7f");
  EXPECT_EQ(visible(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(visible("\xe2\x80\xae"), "\\u{202e}");
  EXPECT_EQ(visible("\xe2\x80\x8b"), "\\u{200b}");
  EXPECT_EQ(visible("\xc2\x85"), "\\u{85}");
}

TEST(Visible, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(visible("\xff"), "\\xff");
  EXPECT_EQ(visible("\xc0\xaf"), "\\xc0\\xaf");                    // not the shortest form
  EXPECT_EQ(visible("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(visible("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  EXPECT_EQ(visible("x\xe6\xbc"), "x\\xe6\\xbc");                  // cut off
}

TEST(Tally, CountsFindingsAsTheLedgerDid) {
  auto result = test::load_passed();
  result.ledger.findings = {test::finding("lost", 1), test::finding("duplicated", 2), test::finding("lost", 3)};
  EXPECT_EQ(counted_findings(result), "2 lost, 1 duplicated");
  result.ledger.counts.emplace_back("lost", 1'234);
  EXPECT_EQ(counted_findings(result), "1,234 lost, 1 duplicated");
}

TEST(Tally, Lists) {
  EXPECT_EQ(listed({"a", "b"}, 2), "a, b");
  EXPECT_EQ(listed({"a", "b", "c", "d"}, 2), "a, b and 2 more");
}

TEST(Sentence, OfConformRuns) {
  EXPECT_EQ(sentence(test::conform_passed()), "All 3 requirements hold.");
  const auto every = test::conform_with_every_verdict();
  EXPECT_EQ(sentence(every), "1 of 5 judged requirements failed: RT-01.");
  auto open = test::conform_passed();
  open.requirements[1].verdict = requirement_verdict::not_claimed;
  EXPECT_EQ(sentence(open), "2 requirements hold; 1 not claimed.");
  open.requirements[1].verdict = requirement_verdict::inconclusive;
  open.verdict = run_verdict::inconclusive;
  EXPECT_EQ(sentence(open), "No verdict: 1 requirement stayed open after retries: RT-02.");
  open.verdict = run_verdict::interrupted;
  EXPECT_EQ(sentence(open), "Interrupted after 38 s; until then 2 passed, 1 inconclusive.");
  auto beside = test::conform_passed();
  beside.verdict = run_verdict::findings;
  beside.ledger.findings = {test::finding("lost", 1)};
  EXPECT_THAT(sentence(beside), HasSubstr("beside them the ledger found 1 lost"));
}

TEST(Sentence, CountsARequirementOnceForAllItsVariants) {
  auto run = test::conform_passed();
  run.requirements[1].variant = "a";
  run.requirements.insert(run.requirements.begin() + 1, run.requirements[1]);
  run.requirements[2].variant = "b";
  EXPECT_EQ(sentence(run), "All 3 requirements hold.");
  run.verdict = run_verdict::findings;
  run.requirements[1].verdict = requirement_verdict::fail;
  EXPECT_EQ(sentence(run), "1 of 3 judged requirements failed: RT-02[a].");
}

TEST(Sentence, OfLoadRuns) {
  const auto passed = test::load_passed();
  EXPECT_THAT(sentence(passed), HasSubstr("54,012 were owed to a connected recipient and all came exactly once"));
  EXPECT_THAT(sentence(passed), HasSubstr("ack p99 48 ms, delivery p99 71 ms."));
  EXPECT_THAT(sentence(passed), Not(HasSubstr("coming or going")));
  auto between = passed;
  between.load->coverage.coming_or_going = 7;
  EXPECT_THAT(sentence(between),
              HasSubstr("were not pushed, 7 were to somebody who was just coming or going, 41 stayed"));
  auto broken = passed;
  broken.verdict = run_verdict::findings;
  broken.load->objectives[0] = {"lost = 0", "3", false, true};
  EXPECT_EQ(sentence(broken), "1 of 2 objectives broke: lost = 0 (was 3).");
  auto late = passed;
  late.verdict = run_verdict::inconclusive;
  late.load->generator.kept_up = false;
  late.load->generator.problem = "4.1 % of the sends began late";
  EXPECT_EQ(sentence(late), "No verdict: 4.1 % of the sends began late.");
  EXPECT_THAT(generator_sentence(*late.load), HasSubstr("did not keep up (4.1 % of the sends began late)"));
}

TEST(Sentence, NamesWhatTheTargetTakesOut) {
  auto run = test::load_passed();
  run.exceptions = {{"delivery.to: everyone", "clients filter", "broadcast"},
                    {"delivery.warm_up: 200ms", "", "missed_in_warm_up"}};
  run.ledger.counts.emplace_back("broadcast", 1'234);
  EXPECT_EQ(counted_exceptions(run), "1,234 broadcast, 0 missed in warm up");
  EXPECT_THAT(sentence(run), testing::EndsWith(". By declaration: delivery.to: everyone (clients filter), 1,234 "
                                               "broadcast; delivery.warm_up: 200ms, 0 missed in warm up."));
}

TEST(Sentence, EveryVerdictHasOne) {
  for (int verdict = 0; verdict < 8; ++verdict) {
    for (auto result : {test::conform_passed(), test::load_passed(), record::result{}}) {
      result.verdict = static_cast<run_verdict>(verdict);
      EXPECT_THAT(sentence(result), testing::EndsWith("."));
      EXPECT_FALSE(headline(result.verdict).empty());
    }
  }
}

}  // namespace
}  // namespace reports

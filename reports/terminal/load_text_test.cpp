#include "reports/terminal/load_text.hpp"

#include "reports/terminal/conform_text.hpp"
#include "reports/terminal/load_line.hpp"
#include "reports/test/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using record::run_verdict;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

record::result passed() {
  auto out = test::load_passed();
  out.ledger.counts = {{"sent", 60'000},          {"acked", 59'950}, {"refused", 10},
                       {"unknown", 40},           {"owed", 54'012},  {"in_history_checked", 59'950},
                       {"in_history_unjudged", 0}};
  return out;
}

void find_lost(record::result& in, std::uint64_t all, int kept) {
  in.verdict = run_verdict::findings;
  in.ledger.counts.emplace_back("lost", all);
  for (int i = 1; i <= kept; ++i) in.ledger.findings.push_back(test::finding("lost", i));
  in.load->objectives.front() = {"lost = 0", std::to_string(all), false, true};
}

TEST(LoadLine, APassSaysWhatWasJudged) {
  EXPECT_EQ(load_last_line(passed(), "runs/x/result.json", false),
            "PASS  load  shop-chat@4f2c1e9 127.0.0.1:8080  2,000 users at 200 msg/s, 5 min  60,000 sent, 54,012 judged "
            "online: all exactly once; 5,947 offline: all in history, none pushed; 41 uncertain (0.07 %)  ack p99 48 "
            "ms, delivery p99 71 ms");
  EXPECT_THAT(load_last_line(passed(), "", true), StartsWith("\x1b[32mPASS\x1b[0m  load"));
}

TEST(LoadLine, WhoWasComingOrGoingIsNotCalledOffline) {
  auto out = passed();
  out.load->coverage.coming_or_going = 1'234;
  EXPECT_THAT(load_last_line(out, "", false),
              HasSubstr("5,947 offline: all in history, none pushed; 1,234 to somebody coming or going; 41 uncertain"));
  EXPECT_THAT(load_summary(out, false), HasSubstr("1,234  to somebody coming or going: may have come, once\n"));
}

TEST(LoadLine, WhatTheTargetTakesOutIsNamed) {
  auto out = passed();
  out.exceptions = {{"delivery.warm_up: 200ms", "", "missed_in_warm_up"}};
  out.ledger.counts.emplace_back("missed_in_warm_up", 12);
  EXPECT_THAT(load_last_line(out, "", false),
              HasSubstr("41 uncertain (0.07 %); by declaration 12 missed in warm up  "));
  EXPECT_THAT(load_summary(out, false),
              AllOf(HasSubstr("12  missed in the declared warm-up of a socket"),
                    HasSubstr("exceptions  By declaration: delivery.warm_up: 200ms, 12 missed in warm up.")));
}

TEST(LoadLine, WhatWasNotCheckedIsNotClaimed) {
  auto out = passed();
  out.ledger.counts.back().second = 7;
  EXPECT_THAT(load_last_line(out, "", false),
              AllOf(HasSubstr("5,947 offline: 7 messages not looked up in history, none pushed"),
                    Not(HasSubstr("all in history"))));
  out.ledger.counts.clear();
  EXPECT_THAT(load_last_line(out, "", false), HasSubstr("5,947 offline: history not read, none pushed"));
  out.load->coverage.offline = 0;
  out.load->coverage.owed = 0;
  EXPECT_THAT(load_last_line(out, "", false),
              AllOf(Not(HasSubstr("offline")), HasSubstr("0 judged online; "), Not(HasSubstr("exactly once"))));
}

TEST(LoadLine, AFailureNamesWhatBrokeAndWhereToLook) {
  auto out = passed();
  find_lost(out, 12, 3);
  out.load->objectives.back() = {"delivery.p99 < 50ms", "71.2 ms", false, false};
  const auto line = load_last_line(out, "runs/x/result.json", false);
  EXPECT_THAT(line,
              StartsWith("FAIL  load  shop-chat@4f2c1e9 127.0.0.1:8080  2,000 users at 200 msg/s, 5 min  12 lost, "
                         "delivery.p99 < 50ms was 71.2 ms  60,000 sent, 54,012 judged online; 5,947 offline"));
  EXPECT_THAT(line, testing::EndsWith("delivery p99 71 ms  runs/x/result.json"));
  out.ledger.findings = {test::finding("replayed", 1), test::finding("missing from history", 1)};
  EXPECT_THAT(load_last_line(out, "", false),
              AllOf(HasSubstr("1 replayed, 1 missing from history, lost = 0 was 12, delivery"),
                    HasSubstr("5,947 offline;"), Not(HasSubstr("none pushed")), Not(HasSubstr("all in history"))));
}

TEST(LoadLine, NoVerdictSaysByHowMuchAndWhatToDo) {
  auto out = passed();
  out.verdict = run_verdict::inconclusive;
  out.load->generator.kept_up = false;
  out.load->generator.late_share = 0.041;
  EXPECT_THAT(
      load_last_line(out, "runs/x/result.json", false),
      HasSubstr("5 min  generator late: 4.1 % of sends over 10 ms behind plan (at most 1 %); 1.9 of 2 cores busy. "
                "Lower --rate or --users, or use a larger machine  runs/x/result.json"));
  out.load->generator.late_share = 0;
  out.load->generator.lag_p99_ms = 80;
  EXPECT_THAT(load_last_line(out, "", false), HasSubstr("its loops lagged 80 ms at p99 (at most 50 ms)"));
  out.load->generator.lag_p99_ms = 1;
  out.load->generator.problem = "a worker died";
  EXPECT_THAT(load_last_line(out, "", false), HasSubstr("generator did not keep up: a worker died. Lower"));
  out.load->generator.kept_up = true;
  out.load->coverage.enough = false;
  out.load->coverage.owed_share = 0.432;
  EXPECT_THAT(load_last_line(out, "", false),
              HasSubstr("5 min  too little judged: 43.2 % of what was due online (at least "
                        "50 %), 41 uncertain. Look for sockets that end early"));
  out.load->coverage.owed = 12;
  EXPECT_THAT(load_last_line(out, "", false),
              HasSubstr("12 messages had to come to a connected recipient (at least 100)"));
}

TEST(LoadLine, OtherEndings) {
  auto out = passed();
  out.verdict = run_verdict::interrupted;
  out.seconds = 130;
  EXPECT_THAT(load_last_line(out, "r", false),
              AllOf(StartsWith("INTERRUPTED  load"),
                    testing::EndsWith("after 2 min 10 s: 60,000 sent, 54,012 judged online, nothing found  r")));
  find_lost(out, 2, 1);
  out.verdict = run_verdict::interrupted;
  EXPECT_THAT(load_last_line(out, "r", false), HasSubstr("judged online, 2 lost  r"));
  out.verdict = run_verdict::target;
  EXPECT_THAT(load_last_line(out, "r", false),
              AllOf(StartsWith("TARGET"), HasSubstr("60,000 sent, 10 refused, 40 without an answer  r")));
  out.load.reset();
  EXPECT_EQ(load_last_line(out, "r", false),
            "TARGET  load  shop-chat@4f2c1e9 127.0.0.1:8080  ended before the load began  r");
}

TEST(LoadText, TheOpeningLine) {
  const auto out = passed();
  EXPECT_EQ(load_opening_line(out.target, out.load->plan, "x7k2mq", 1),
            "load  shop-chat@4f2c1e9 127.0.0.1:8080  2,000 users at 200 msg/s, 5 min, run x7k2mq, seed 1");
}

TEST(LoadText, TheSummaryOfAPass) {
  const auto text = load_summary(passed(), false);
  for (const auto* const line :
       {"plan        2,000 users in 1,000 two-person chats, 70 % of them online\n",
        "            200 msg/s (poisson) for 5 min; sessions of 90 s; 64 cells, 2 workers\n",
        "messages         60,000  sent\n", "                 59,950  acknowledged\n",
        "                     10  refused (0.02 %)\n", "                 54,012  judged online: all exactly once\n",
        "                  5,947  offline: all in history, none pushed\n",
        "                       count       p50       p90       p99     p99.9       max\n",
        "  ack                 60,000     10 ms     30 ms     48 ms     90 ms    160 ms\n",
        "    uncorrected       60,000     10 ms     30 ms     48 ms     90 ms    160 ms\n",
        "objectives  held    delivery.p99 < 100ms, was 71.2 ms\n", "            held    lost = 0\n",
        "generator   kept up\n", "            60,000 intended: 59,990 on time, 10 late (0.02 %; at most 1 %)\n",
        "            loop lag p99 3.2 ms (at most 50 ms), max 48 ms; 1.9 of 2 cores busy\n",
        "            12 sends waited for a connection\n",
        "coverage    enough\n            judged 99.92 % of what was due online; needed: 50 %, 100 messages\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, AllOf(Not(HasSubstr("FOUND")), Not(HasSubstr("\x1b")), Not(HasSubstr("BROKEN"))));
}

TEST(LoadText, TheFirstFindingsOfEachClassAreShownAndTheRestCounted) {
  auto out = passed();
  find_lost(out, 1'212, 5);
  out.ledger.findings.push_back(test::finding("phantom", 9));
  const auto text = load_summary(out, false);
  EXPECT_THAT(text, HasSubstr("\nFOUND  1,212 lost\n       0.5 s  Message 1 of alice"));
  EXPECT_THAT(text, HasSubstr("Message 3 of alice"));
  EXPECT_THAT(text, Not(HasSubstr("Message 4 of alice")));
  EXPECT_THAT(text, HasSubstr("\n              and 1,209 more\n"));
  EXPECT_THAT(text, HasSubstr("\nFOUND  1 phantom\n       0.5 s  Message 9 of alice"));
  EXPECT_THAT(text, HasSubstr("objectives  BROKEN  lost = 0, was 1212\n"));
  EXPECT_THAT(text, Not(HasSubstr("exactly once")));
}

TEST(LoadText, ManyStandingObjectivesFitTheWidth) {
  auto out = passed();
  out.load->objectives.clear();
  for (int i = 0; i < 20; ++i) out.load->objectives.push_back({"some class of finding = 0", "0", true, true});
  const auto text = load_summary(out, false);
  EXPECT_THAT(text, HasSubstr("objectives  held    some class of finding = 0, some"));
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    EXPECT_LE(end - at, 80U) << text.substr(at, end - at);
    EXPECT_NE(text[end - 1], ' ');
    at = end + 1;
  }
}

TEST(LoadText, HostileTextChangesNothingAround) {
  auto out = passed();
  out.target.version = test::hostile;
  find_lost(out, 1, 1);
  out.ledger.findings[0].sentence = test::hostile;
  out.load->generator.problem = test::hostile;
  for (const auto& text : {load_summary(out, false), load_last_line(out, "", false),
                           load_opening_line(out.target, out.load->plan, "r", 1)}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xff")), HasSubstr("\\x1b[31m")));
  }
  auto judged = test::conform_with_every_verdict();
  judged.target.version = test::hostile;
  judged.requirements[1].checks[0].actual = test::hostile;
  judged.requirements[1].reason = test::hostile;
  EXPECT_THAT(details(judged, false) + last_line(judged, "", false), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace reports

#include "reports/html/html.hpp"

#include "reports/html/page.hpp"
#include "reports/html/page_data.hpp"
#include "reports/test/samples.hpp"
#include "reports/text/visible.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace reports {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view small_page = "<script type=\"application/json\">{{data}}</script>";

record::result hostile_run() {
  auto run = test::conform_with_every_verdict();
  run.target = {test::hostile, test::hostile, test::hostile};
  run.command = test::hostile;
  run.ledger.findings[0].sentence = test::hostile;
  run.ledger.findings[0].kind = test::hostile;
  run.ledger.counts = {{test::hostile, 1}};
  for (auto& each : run.requirements) {
    each.reason = test::hostile;
    for (auto& check : each.checks) check.actual = test::hostile;
  }
  run.load = test::load_passed().load;
  run.load->objectives[0].actual = test::hostile;
  run.load->generator.not_sent = {{test::hostile, 1}};
  return run;
}

std::string data_in(const std::string& page) {
  const std::string_view open = "<script type=\"application/json\">";
  const auto from = page.find(open) + open.size();
  return page.substr(from, page.find("</script>", from) - from);
}

TEST(Html, NothingOfATargetIsMarkup) {
  const auto page = filled(small_page, std::vector{run{test::hostile, hostile_run()}});
  const auto data = data_in(page);
  EXPECT_TRUE(page.ends_with("</script>"));
  EXPECT_EQ(page.find("</script>"), page.size() - std::string_view("</script>").size());
  EXPECT_EQ(data.find_first_of("<>&"), std::string::npos);
  // Control characters and marks of direction do not reach the page, in no spelling.
  EXPECT_THAT(data, Not(HasSubstr("\\u001b")));
  EXPECT_THAT(data, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(Html, TheDataReadsBackAsItWas) {
  const std::vector runs{run{"runs/a", hostile_run()}, run{"runs/b", test::load_passed()}};
  const auto data = json::parse(data_in(filled(small_page, runs)));
  EXPECT_EQ(data, page_data(runs));
  const auto& first = data.at("runs").at(0);
  EXPECT_EQ(first.at("command").as_string(), visible(test::hostile));
  EXPECT_EQ(first.at("headline").as_string(), "FAIL");
  EXPECT_EQ(first.at("seed").as_string(), "7");
  EXPECT_EQ(data.at("runs").at(1).at("load").at("timeline").as_array().size(), 2U);
  EXPECT_TRUE(data.at("runs").at(1).at("load").at("timeline").at(0).at("delivery").is_null());
  EXPECT_EQ(data.at("runs").at(1).at("load").at("plan").at("seconds").to_number<double>(), 300);  // where the load ends
}

TEST(Html, IsBounded) {
  auto run = test::conform_with_every_verdict();
  for (int i = 0; i < 100'000; ++i) run.ledger.findings.push_back(test::finding("lost", i));
  run.requirements[1].checks = std::vector<record::check>(100'000, {"what", "expected", "actual", false});
  const std::vector runs{reports::run{"runs/a", run}};
  EXPECT_LT(filled(small_page, runs).size(), 100'000U);
  const auto data = page_data(runs);
  EXPECT_EQ(data.at("runs").at(0).at("findings").at(1).at("count").to_number<int>(), 100'000);
  EXPECT_EQ(data.at("runs").at(0).at("requirements").at(1).at("broken_in_all").to_number<int>(), 100'000);
}

TEST(Html, ThePageIsCompleteOrAbsent) {
  const std::vector runs{run{"runs/a", hostile_run()}};
  const auto page = html(runs);
  ASSERT_EQ(page.has_value(), has_page());
  if (!page) return;
  EXPECT_THAT(*page, HasSubstr("default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(*page, Not(HasSubstr(page_data_mark)));
  for (const auto* link : {"src=", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", "unsafe-inline"}) {
    EXPECT_THAT(*page, Not(HasSubstr(link)));
  }
  EXPECT_LT(page->size(), 300'000U);
}

}  // namespace
}  // namespace reports

#include "reports/terminal/live_view.hpp"

#include "reports/terminal/live_area.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace reports {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

live_load underway(std::size_t seconds = 72) {
  live_load now;
  now.phase = "load";
  now.done = seconds;
  now.of = 300;
  now.in_seconds = true;
  now.users = 2000;
  for (std::size_t i = 0; i < seconds; ++i)
    now.add({200, 100 + i, 140, i % 2, 1'400, 10.0 + static_cast<double>(i), 71, 1.2});
  return now;
}

TEST(LiveView, AMinuteFitsEightyColumns) {
  const auto lines = dashboard(underway(), {});
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], "load  72 s of 5 min  ━━━━━━━───────────────────────  24 %");
  EXPECT_THAT(lines[1], StartsWith("acked        171/s ▅"));
  EXPECT_THAT(lines[2], StartsWith("delivered    140/s ▆"));
  EXPECT_THAT(lines[3], AllOf(StartsWith("ack p99      81 ms "), testing::EndsWith("█")));
  EXPECT_THAT(lines[4], StartsWith("deliv p99    71 ms █"));
  EXPECT_EQ(lines[5], "no finding  online 1,400 of 2,000  planned 200/s  late 0.25 %  lag 1.2 ms");
  for (const auto i : {1, 2, 3, 4}) EXPECT_EQ(display_width(lines[static_cast<std::size_t>(i)]), 79U) << lines[1];
}

TEST(LiveView, NothingIsWiderThanTheTerminal) {
  auto now = underway();
  now.seconds.back() = {1'234'567, 1'234'567, 1'234'567, 9, 1'234'567, 123'456, 123'456, 123'456};
  now.findings = 1'234'567;
  live_cases cases{12, 15, 3, "A-VERY-LONG-ID[of-a-variant-with-a-long-name]"};
  for (std::size_t columns = 10; columns <= 200; ++columns) {
    for (const auto& line : dashboard(now, {.columns = columns})) {
      EXPECT_LT(display_width(line), columns) << line;
    }
    EXPECT_LT(display_width(dashboard(cases, {.columns = columns}).front()), columns);
  }
  const auto narrow = dashboard(underway(), {.columns = 40});
  EXPECT_EQ(narrow[0], "load  72 s of 5 min  ━━──────────  24 %");
  EXPECT_EQ(display_width(narrow[1]), 39U);
  EXPECT_EQ(narrow[5], "no finding  online 1,400 of 2,000");
}

TEST(LiveView, BeforeTheLoadThereIsOneLine) {
  live_load now;
  now.phase = "connecting";
  now.done = 1'200;
  now.of = 2'000;
  EXPECT_THAT(dashboard(now, {}), ElementsAre("connecting  1,200 of 2,000  ━━━━━━━━━━━━━━━━━━────────────  60 %"));
  EXPECT_THAT(dashboard(now, {.unicode = false}),
              ElementsAre("connecting  1,200 of 2,000  ##################------------  60 %"));
  EXPECT_EQ(plain_line(now), "connecting 1,200 of 2,000");
  now.of = 0;
  EXPECT_THAT(dashboard(now, {}), ElementsAre("connecting"));
  EXPECT_EQ(plain_line(now), "connecting");
}

TEST(LiveView, APlainLineSaysTheSame) {
  auto now = underway();
  EXPECT_EQ(plain_line(now),
            "load 72 s of 5 min: 200/s planned, 171/s acknowledged, 140/s delivered, 1,400 of 2,000 online, ack p99 81 "
            "ms, delivery p99 71 ms, no finding, 0.25 % late, lag p99 1.2 ms");
  now.findings = 1;
  now.add({200, 0, 0, 0, 1'400, std::nullopt, std::nullopt, 0});
  EXPECT_THAT(plain_line(now), AllOf(HasSubstr("1 FINDING, "), Not(HasSubstr("p99 8"))));
  EXPECT_THAT(dashboard(now, {})[3], StartsWith("ack p99          - "));
  EXPECT_THAT(dashboard(now, {})[5], StartsWith("1 FINDING  online"));
}

TEST(LiveView, TheLastSixtySecondsAreKeptAndAllAreCounted) {
  const auto now = underway(100);
  EXPECT_EQ(now.seconds.size(), 60U);
  EXPECT_EQ(now.seconds.back().acknowledged, 199U);
  EXPECT_EQ(now.intended, 20'000U);
  EXPECT_EQ(now.late, 50U);
}

TEST(LiveView, OfCases) {
  EXPECT_THAT(dashboard(live_cases{12, 15, 0, "RT-02"}, {}),
              ElementsAre("12 of 15 cases  ━━━━━━━━━━━━━━━━━━━━━━━━──────  80 %  RT-02"));
  EXPECT_THAT(dashboard(live_cases{12, 15, 2, "RT-\x1b[1m"}, {.unicode = false}).front(),
              testing::EndsWith("80 %  2 FAILED  RT-\\x1b[1m"));
  EXPECT_EQ(plain_line(live_cases{12, 15, 2, "RT-02"}), "12 of 15 cases done, 2 failed");
}

TEST(Sparkline, IsAsHighAsTheValue) {
  EXPECT_EQ(sparkline({0, 10, 50, 99, 100, std::nullopt, 200}, 100, 60, true), "▁▁▅██ █");
  EXPECT_EQ(sparkline({0, 50, 100}, 100, 2, false), "+@");
  EXPECT_EQ(sparkline({0, 0}, 0, 5, true), "▁▁");
  EXPECT_EQ(sparkline({}, 0, 5, true), "");
}

/// As much of a terminal as is needed to see what stands there in the end.
class screen {
 public:
  explicit screen(std::size_t columns) : columns_(columns) {}

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto taken = bytes.front() == '\x1b' ? escape(bytes) : character(bytes);
      bytes.remove_prefix(taken);
    }
  }

  /// The rows up to the cursor's, without spaces at their ends.
  std::vector<std::string> rows() const {
    auto out = rows_;
    out.resize(std::max(row_ + 1, rows_.size()));
    while (out.size() > row_ + 1 && out.back().empty()) out.pop_back();
    return out;
  }

 private:
  std::size_t character(std::string_view bytes) {
    if (bytes.front() == '\r') return (column_ = 0, 1);
    if (bytes.front() == '\n') return (++row_, column_ = 0, 1);
    rows_.resize(std::max(rows_.size(), row_ + 1));
    if (column_ == columns_) {
      ++row_;
      column_ = 0;
      rows_.resize(std::max(rows_.size(), row_ + 1));
    }
    auto& row = rows_[row_];
    row.resize(std::max(row.size(), column_ + 1), ' ');
    row[column_++] = bytes.front();
    return 1;
  }

  std::size_t escape(std::string_view bytes) {
    const auto end = bytes.find_first_of("AKJ");
    rows_.resize(std::max(rows_.size(), row_ + 1));
    if (bytes[end] == 'A') {
      const auto up = static_cast<std::size_t>(std::stoul(std::string(bytes.substr(2, end - 2))));
      EXPECT_LE(up, row_) << "above the first row";
      row_ -= std::min(up, row_);
    } else {
      rows_[row_].resize(std::min(rows_[row_].size(), column_));
      if (bytes[end] == 'J') rows_.resize(row_ + 1);
    }
    return end + 1;
  }

  std::size_t columns_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::vector<std::string> rows_;
};

TEST(LiveArea, ReplacesWhatItDrew) {
  screen shown(20);
  shown.write("before\n");
  live_area area;
  shown.write(area.redraw({"one long line", "two", "three"}, 20, 24));
  EXPECT_THAT(shown.rows(), ElementsAre("before", "one long line", "two", "three", ""));
  shown.write(area.redraw({"short"}, 20, 24));
  EXPECT_THAT(shown.rows(), ElementsAre("before", "short", ""));
  shown.write(area.redraw({"a", "b"}, 20, 24));
  EXPECT_THAT(shown.rows(), ElementsAre("before", "a", "b", ""));
  shown.write(area.clear(20));
  EXPECT_FALSE(area.drawn());
  EXPECT_EQ(area.clear(20), "");
  shown.write("after\n");
  EXPECT_THAT(shown.rows(), ElementsAre("before", "after", ""));
}

// The terminal itself echoes ^C where the cursor stands.
TEST(LiveArea, WhatWasTypedMeanwhileGoesAway) {
  screen shown(20);
  live_area area;
  shown.write(area.redraw({"one", "two"}, 20, 24));
  shown.write("^C");
  shown.write(area.redraw({"three", "four"}, 20, 24));
  EXPECT_THAT(shown.rows(), ElementsAre("three", "four", ""));
  shown.write("^C");
  shown.write(area.clear(20));
  EXPECT_THAT(shown.rows(), ElementsAre(""));
}

TEST(LiveArea, InATerminalThatBecameNarrowerItBeginsBelow) {
  live_area area;
  (void)area.redraw({"0123456789", "01234", ""}, 20, 24);
  EXPECT_THAT(area.redraw({"x"}, 10, 24), StartsWith("\x1b[3A\rx"));
  (void)area.redraw({"0123456789", "01234", ""}, 20, 24);
  EXPECT_THAT(area.redraw({"x"}, 9, 24), StartsWith("\rx"));
  EXPECT_THAT(area.redraw({"y"}, 9, 24), StartsWith("\x1b[1A\ry"));
  (void)area.redraw({"0123456789"}, 20, 24);
  EXPECT_EQ(area.clear(9), "\r\x1b[J");
}

TEST(LiveArea, ALowTerminalShowsTheFirstLines) {
  screen shown(20);
  live_area area;
  shown.write(area.redraw({"one", "two", "three"}, 20, 3));
  EXPECT_THAT(shown.rows(), ElementsAre("one", "two", ""));
  shown.write(area.redraw({"one", "two", "three"}, 20, 1));
  EXPECT_THAT(shown.rows(), ElementsAre("one", ""));
}

TEST(DisplayWidth, CountsWhatIsSeen) {
  EXPECT_EQ(display_width("a▁\x1b[31mb\x1b[0m"), 3U);
  EXPECT_EQ(display_width("\x1b[3"), 0U);
}

}  // namespace
}  // namespace reports

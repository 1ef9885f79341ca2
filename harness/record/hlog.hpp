// The .hlog of a run: histograms of intervals as lines of text, HdrHistogram's log format 1.3, which its own tools and
// viewers read. Times in the lines are seconds since the log's start; the third column is the largest value in
// milliseconds. Pure: text in, text out.
#pragma once

#include "harness/record/histogram.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace record {

// The lines at the top. `start` is also the base of all times in the log.
std::string hlog_head(std::chrono::system_clock::time_point start);

// One interval of one thing measured. `tag` names the thing ("ack", "delivery", "ready") and holds no comma, space or
// line end; lines of one tag come in the order of their times.
std::string hlog_line(std::string_view tag, double start_seconds, double length_seconds, const histogram& values);

struct hlog_interval {
  std::string tag;  // empty: the line has none
  double start_seconds = 0;
  double length_seconds = 0;
  histogram values;
};

// The intervals before the first line that is wrong, and that line; `problem` is empty when all of them were read.
// Times are as written.
struct read_hlog_result {
  std::vector<hlog_interval> intervals;
  std::string problem;  // "line 7: …"
};
read_hlog_result read_hlog(std::string_view text);

}  // namespace record

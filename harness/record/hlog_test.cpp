#include "harness/record/hlog.hpp"

#include "harness/record/base64.hpp"
#include "harness/record/histogram_code.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace record {
namespace {

// The i-th cube i times for i from 1 to 20, and twice an hour less a little.
histogram cubes() {
  histogram out;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    out.record(i * i * i, i);
  }
  out.record(3'599'999'999, 2);
  return out;
}

// The same, written by hdr-histogram-js 3.0.1.
constexpr std::string_view foreign_log =
    "#[Histogram log format version 1.3]\n"
    "#[StartTime: 1700000000.000 (seconds since epoch), Tue Nov 14 2023 22:13:20 GMT+0000]\n"
    "\n"
    "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
    "Tag=foreign,3.000,1.500,3599999.999,"
    "HISTFAAAAF94nJNpmSzMwMBgzcDAwMjAwMDMAAEgNsO1yUsY4HwmbhZlNneOcq7NjDy/"
    "GfnOMwmsZxaazSIymVVsOpvERDaphSwyn1nkzrMqTGVWOsms"
    "8pdZbSeLxtHVTCwAtXISyg==\n";

TEST(HistogramCode, ReadsWhatOthersWrite) {
  const auto read = read_hlog(foreign_log);
  ASSERT_EQ(read.problem, "");
  ASSERT_EQ(read.intervals.size(), 1U);
  EXPECT_EQ(read.intervals[0].tag, "foreign");
  EXPECT_EQ(read.intervals[0].start_seconds, 3);
  EXPECT_EQ(read.intervals[0].length_seconds, 1.5);
  EXPECT_EQ(read.intervals[0].values, cubes());
}

// What that implementation says about them.
TEST(HistogramCode, SaysWhatOthersSay) {
  const auto values = cubes();
  EXPECT_EQ(values.count(), 212U);
  EXPECT_EQ(values.max(), 3'600'809'983U);
  EXPECT_NEAR(values.mean(), 33'963'422.6509434, 0.001);
  using pair = std::pair<double, std::uint64_t>;
  for (const auto& [level, value] : {pair{0, 1}, pair{1, 8}, pair{25, 1000}, pair{50, 3375}, pair{75, 5835},
                                     pair{99, 8003}, pair{99.9, 3'600'809'983}}) {
    EXPECT_EQ(values.percentile(level), value) << level;
  }
  EXPECT_EQ(values.curve().size(), 36U);
  EXPECT_EQ(values.curve()[34], (histogram::point{99.0625, 3'600'809'983}));
}

TEST(HistogramCode, GivesTheSameHistogramBack) {
  histogram large;
  large.record(17, (std::uint64_t{1} << 62) - 1);  // nine bytes
  large.record(18, std::uint64_t{1} << 55);
  large.record(900'000'000, 127);
  for (const auto& one : {histogram{}, cubes(), large}) {
    for (const auto& read : {decode(encode(one)), decode(encode_compressed(one)), decode_text(encode_text(one))}) {
      ASSERT_TRUE(read.value) << read.problem;
      EXPECT_EQ(*read.value, one);
    }
  }
  EXPECT_THAT(encode_text(cubes()), testing::StartsWith("HISTFAAA"));
}

TEST(HistogramCode, TheBytesAreAsTheFormatSays) {
  histogram values;
  values.record(0);
  values.record(3, 64);
  values.record(5);
  using namespace std::string_view_literals;
  EXPECT_EQ(encode(values),
            "\x1c\x84\x93\x13\0\0\0\x06\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\x01\0\0\0\0\xd6\x93\xa4\0\x3f\xf0\0\0\0\0\0\0"
            "\x02\x03\x80\x01\0\x02"sv);
}

TEST(HistogramCode, WhatCannotBeReadIsRefusedWithItsReason) {
  const auto good = encode(cubes());
  const auto problem_with = [&](std::size_t at, char byte) {
    auto bytes = good;
    bytes[at] = byte;
    return decode(bytes).problem;
  };
  EXPECT_THAT(problem_with(0, 0), testing::HasSubstr("not a histogram"));
  EXPECT_THAT(problem_with(7, 1), testing::HasSubstr("length"));
  EXPECT_THAT(problem_with(15, 2), testing::HasSubstr("2 significant digits"));
  EXPECT_THAT(problem_with(23, 9), testing::HasSubstr("from 9 up"));
  EXPECT_THAT(problem_with(good.size() - 1, '\x84'), testing::HasSubstr("cut off"));
  EXPECT_NE(decode("").problem, "");
  EXPECT_NE(decode(good.substr(0, 30)).problem, "");
  auto packed = encode_compressed(cubes());
  EXPECT_THAT(decode(packed.substr(0, packed.size() - 1)).problem, testing::HasSubstr("length"));
  packed[20] = static_cast<char>(packed[20] ^ 0x55);
  EXPECT_THAT(decode(packed).problem, testing::HasSubstr("decompressed"));
  EXPECT_THAT(decode_text("HISTFAA").problem, testing::HasSubstr("base64"));
}

TEST(HistogramCode, CountsThatDoNotFitAreRefused) {
  const auto with_counts = [](std::string_view counts) {
    auto bytes = encode({}).substr(0, 40);
    bytes[7] = static_cast<char>(counts.size());
    return decode(bytes + std::string(counts));
  };
  ASSERT_TRUE(with_counts("\x02").value);
  EXPECT_EQ(with_counts("\x02").value->count(), 1U);
  EXPECT_THAT(with_counts("\xff\xff\xff\xff\x7f\x02").problem, testing::HasSubstr("above an hour"));
  EXPECT_THAT(with_counts("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02").problem, testing::HasSubstr("above an hour"));
  const std::string most = "\xfe\xff\xff\xff\xff\xff\xff\xff\xff";
  ASSERT_TRUE(with_counts(most).value);
  EXPECT_EQ(with_counts(most).value->count(), std::numeric_limits<std::int64_t>::max());
  EXPECT_THAT(with_counts(most + "\x02").problem, testing::HasSubstr("too large"));
}

TEST(Base64, AsTheStandardHasIt) {
  for (const auto& [bytes, text] : {std::pair{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"\xff\xef", "/+8="}}) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  for (const auto* const wrong : {"Zg", "Zg=", "Zh==", "Z", "Z===", "=", "Zm9v=", "Zm 9v", "Zg==Zg==", "Zm9v\n"}) {
    EXPECT_EQ(from_base64(wrong), std::nullopt) << wrong;
  }
}

TEST(Hlog, WritesAndReads) {
  const auto start = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'250));
  histogram one;
  one.record(1'500);
  const auto text = hlog_head(start) + hlog_line("ack", 0, 1, one) + hlog_line("delivery", 0, 1, cubes()) +
                    hlog_line("ack", 1, 0.25, {});
  EXPECT_THAT(text, testing::StartsWith("#[Histogram log format version 1.3]\n"
                                        "#[BaseTime: 1700000000.250 (seconds since epoch)]\n"
                                        "#[StartTime: 1700000000.250 (seconds since epoch), 2023-11-14T22:13:20Z]\n"
                                        "\"StartTimestamp\","));
  EXPECT_THAT(text, testing::HasSubstr("\nTag=ack,0.000,1.000,1.500,HISTFAAA"));
  const auto read = read_hlog(text);
  ASSERT_EQ(read.problem, "");
  ASSERT_EQ(read.intervals.size(), 3U);
  EXPECT_EQ(read.intervals[0].values, one);
  EXPECT_EQ(read.intervals[1].tag, "delivery");
  EXPECT_EQ(read.intervals[1].values, cubes());
  EXPECT_EQ(read.intervals[2].start_seconds, 1);
  EXPECT_EQ(read.intervals[2].length_seconds, 0.25);
  EXPECT_TRUE(read.intervals[2].values.empty());
}

TEST(Hlog, WhatIsWrongIsToldWithItsLine) {
  EXPECT_EQ(read_hlog("#x\n\nTag=a,1,2,HIST\n").problem,
            "line 3: expected start, length, largest value and a histogram");
  EXPECT_EQ(read_hlog("1,2,3,HISTFAAA!\r\n").problem, "line 1: its histogram: not base64");
  EXPECT_EQ(read_hlog("1,2,3,").problem, "line 1: its histogram: not a histogram in HdrHistogram's version 2 encoding");
  const auto some = read_hlog(hlog_line("a", 0, 1, cubes()) + "nonsense\n");
  EXPECT_EQ(some.intervals.size(), 1U);
  EXPECT_THAT(some.problem, testing::StartsWith("line 2: "));
}

}  // namespace
}  // namespace record

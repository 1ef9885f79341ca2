// A run's files in the hands of others: hdr-histogram-js and Ajv, through foreign.mjs.
#include "harness/record/histogram.hpp"
#include "harness/record/hlog.hpp"
#include "harness/record/result.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>

namespace record {
namespace {

namespace json = boost::json;

class Foreign : public testing::Test {
 protected:
  Foreign() { std::filesystem::create_directories(folder_); }
  ~Foreign() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view content) const {
    const auto path = folder_ / name;
    std::ofstream(path) << content;
    return path;
  }

  static std::string foreign(const std::string& arguments) {
    const auto command = fmt::format("'{}' '{}' {} 2>&1", ROLLCALL_NODE, ROLLCALL_FOREIGN, arguments);
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::string out;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) {
      out += static_cast<char>(c);
    }
    return out;
  }

  static json::value parsed(const std::string& text) {
    boost::system::error_code broken;
    auto out = json::parse(text, broken);
    EXPECT_FALSE(broken) << text;
    return out;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / fmt::format("rollcall-foreign-{}", std::random_device{}());
};

std::vector<std::pair<std::uint64_t, std::uint64_t>> drawn(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(std::log(20'000), 2);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  for (std::size_t i = 0; i < n; ++i) {
    out.emplace_back(static_cast<std::uint64_t>(latency(random)), random() % 50 + 1);
  }
  return out;
}

histogram of(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& values) {
  histogram out;
  for (const auto& [value, count] : values) {
    out.record(value, count);
  }
  return out;
}

void expect_same(const json::value& theirs, const histogram& ours) {
  EXPECT_EQ(theirs.at("count").to_number<std::uint64_t>(), ours.count());
  EXPECT_EQ(theirs.at("max").to_number<std::uint64_t>(), ours.max());
  EXPECT_NEAR(theirs.at("mean").to_number<double>(), ours.mean(), ours.mean() * 1e-9);
  for (const auto& one : theirs.at("percentiles").as_array()) {
    const auto level = one.at(0).to_number<double>();
    EXPECT_EQ(one.at(1).to_number<std::uint64_t>(), ours.percentile(level)) << level;
  }
  std::vector<histogram::point> curve;
  for (const auto& one : theirs.at("curve").as_array()) {
    curve.push_back({one.at(0).to_number<double>(), one.at(1).to_number<std::uint64_t>()});
  }
  EXPECT_EQ(curve, ours.curve());
}

TEST_F(Foreign, ReadsOurLogAndSaysWhatWeSay) {
  const std::vector<histogram> intervals = {of(drawn(5'000, 1)), of(drawn(3, 2)), of({{histogram::longest, 1}}),
                                            of({{0, 7}}), of({{1'000'000, std::uint64_t{1} << 40}})};
  auto log = hlog_head(std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'250)));
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    log += hlog_line(i % 2 == 0 ? "ack" : "delivery", static_cast<double>(i), 0.5, intervals[i]);
  }
  const auto read = parsed(foreign("describe " + write("ours.hlog", log)));
  ASSERT_EQ(read.as_array().size(), intervals.size());
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    const auto& theirs = read.at(i);
    EXPECT_EQ(theirs.at("tag").as_string(), i % 2 == 0 ? "ack" : "delivery");
    EXPECT_EQ(theirs.at("start_ms").to_number<double>(), 1'700'000'000'250 + 1000.0 * static_cast<double>(i));
    EXPECT_EQ(theirs.at("end_ms").to_number<double>(), 1'700'000'000'750 + 1000.0 * static_cast<double>(i));
    expect_same(theirs, intervals[i]);
  }
}

TEST_F(Foreign, WritesALogThatWeRead) {
  const auto values = drawn(2'000, 3);
  json::array given;
  for (const auto& [value, count] : values) {
    given.push_back(json::array{value, count});
  }
  const auto path = (folder_ / "theirs.hlog").string();
  ASSERT_EQ(foreign("record " + write("values.json", json::serialize(given)) + " " + path), "");
  std::stringstream log;
  log << std::ifstream(path).rdbuf();
  const auto read = read_hlog(log.str());
  ASSERT_EQ(read.problem, "");
  ASSERT_EQ(read.intervals.size(), 1U);
  EXPECT_EQ(read.intervals[0].values, of(values));
}

TEST_F(Foreign, HoldsAResultToThePublishedSchema) {
  result one;
  one.requirements = {requirement{}};
  one.ledger.findings = {finding{}, {"lost", "never came", message_name{"7", "alice", 1}, "bob", 3, 1.5, {1}, "t"}};
  one.load.emplace();
  one.load->objectives = {objective{}};
  one.load->latencies = {{"ack", "", {1, 1, 1, 1, 1, 1, 1, {{0, 1}, {100, 1}}}, {}}};
  one.load->timeline = {{0, 1, 1, 1, 0, 0, 1, 2, interval_latency{1, 2, 3}, std::nullopt}};
  const auto verdict_on = [this](const std::string& text) {
    return foreign("validate '" ROLLCALL_SOURCE "/harness/record/schema/result.json' " + write("result.json", text));
  };
  EXPECT_EQ(verdict_on(to_json(one)), "valid\n");
  auto document = parsed(to_json(one));
  document.at("load").as_object()["coverage"].as_object().erase("owed");
  document.at("seconds") = "long";
  EXPECT_THAT(verdict_on(json::serialize(document)),
              testing::AllOf(testing::HasSubstr("data/load/coverage must have required property 'owed'"),
                             testing::HasSubstr("data/seconds must be number")));
}

}  // namespace
}  // namespace record

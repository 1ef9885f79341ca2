#include "harness/record/load_json.hpp"

#include "harness/record/json_text.hpp"
#include "harness/record/result.hpp"
#include "harness/record/schema_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace record {
namespace {

namespace json = boost::json;

json::value parsed(std::string_view text) {
  return json::parse(json::string_view(text.data(), text.size()));
}

result example() {
  load_result load;
  load.plan = {2000, 1000, 0.7, 200, "poisson", 300, 2, 64, 90.5};
  load.generator = {60'010, 59'000, 1'000, {{"no connection", 7}, {"run ended", 3}}, 0.0166, 0.01, 3.2, 48, 50, 1.9,
                    2,      12,     false, "1.7 % of the sends began late"};
  load.coverage = {60'000, 54'012, 41, 5'947, 13, 0.9992, 0.5, 100, false, "why not"};
  load.objectives = {{"lost = 0", "3", false, true}, {"delivery.p99 < 50ms", "71.2 ms", true, false}};
  const distribution slow{3, 20.5, 10, 30, 40, 50, 60.25, {{0, 1.5}, {50, 10}, {100, 60.25}}};
  load.latencies = {{"ack", "from here to there", slow, {}}, {"ready", "", {}, slow}};
  load.cut_short = "a worker was killed by signal 9";
  load.interval_seconds = 2;
  load.timeline = {{0, 1, 2, 3, 4, 5, 6, 7, interval_latency{1, 2, 3}, std::nullopt},
                   {2, 0, 0, 0, 0, 0, 0, 0, std::nullopt, interval_latency{4, 5.5, 6}}};
  result out;
  out.kind = "load";
  out.load = load;
  return out;
}

// No two members that could be mistaken for each other have equal values in the example.
TEST(LoadJson, RoundTrips) {
  const auto read = from_json(to_json(example()));
  ASSERT_TRUE(read.value) << read.problem;
  EXPECT_EQ(*read.value, example());
  auto bare = example();
  bare.load = load_result{};
  const auto again = from_json(to_json(bare));
  ASSERT_TRUE(again.value) << again.problem;
  EXPECT_EQ(*again.value, bare);
}

TEST(LoadJson, IsThereInLoadRunsOnly) {
  auto conform = example();
  conform.load.reset();
  const auto document = parsed(to_json(conform));
  EXPECT_FALSE(document.as_object().contains("load"));
  EXPECT_FALSE(from_json(to_json(conform)).value->load);
}

TEST(LoadJson, ADocumentIsValidByThePublishedSchema) {
  EXPECT_EQ(violation(parsed(to_json(example())), parsed(result_schema_text())), std::nullopt);
}

TEST(LoadJson, WhatTheSchemaForbidsIsToldWithItsPlace) {
  const auto problem_of = [](const auto& change) {
    auto document = parsed(to_json(example()));
    change(document.at("load").as_object());
    return from_json(pretty(document)).problem;
  };
  EXPECT_EQ(problem_of([](json::object& o) { o.erase("plan"); }), "load: lacks \"plan\"");
  EXPECT_EQ(problem_of([](json::object& o) { o["coverage"].as_object()["owed_share"] = 1.5; }),
            "load.coverage.owed_share: expected at most 1");
  EXPECT_EQ(problem_of([](json::object& o) { o["generator"].as_object()["not_sent"].as_object()["x"] = 0.5; }),
            "load.generator.not_sent.x: expected \"integer\"");
  EXPECT_EQ(problem_of([](json::object& o) { o["objectives"].as_array()[1].as_object()["ok"] = "yes"; }),
            "load.objectives[1].ok: expected \"boolean\"");
  const auto first_curve = [](json::object& o) -> json::array& {
    return o["latencies"].as_array()[0].as_object()["from_intended"].as_object()["curve"].as_array();
  };
  EXPECT_EQ(problem_of([&](json::object& o) { first_curve(o)[2] = json::array{1.0}; }),
            "load.latencies[0].from_intended.curve[2]: expected at least 2 items");
  EXPECT_EQ(problem_of([&](json::object& o) {
              first_curve(o)[1] = json::array{1.0, 2.0, 3.0};
            }),
            "load.latencies[0].from_intended.curve[1]: expected at most 2 items");
  EXPECT_EQ(problem_of([](json::object& o) { o["timeline"].as_array()[1].as_object()["delivery"] = 3; }),
            "load.timeline[1].delivery: expected [\"object\",\"null\"]");
  EXPECT_THAT(problem_of([](json::object& o) { o["plan"].as_object()["cells"] = 1LL << 40; }),
              testing::HasSubstr("out of range"));
  EXPECT_THAT(problem_of([](json::object& o) { o = {}; }), testing::HasSubstr("load: lacks"));
}

TEST(SchemaCheck, AReferenceToNothingIsAProblem) {
  EXPECT_EQ(violation(json::value("x"), parsed(R"({"$ref": "#/$defs/x", "$defs": {"x": {"type": "string"}}})")),
            std::nullopt);
  EXPECT_EQ(violation(json::value(1), parsed(R"({"$ref": "#/$defs/x", "$defs": {"x": {"type": "string"}}})")),
            "the document: expected \"string\"");
  EXPECT_NE(violation(json::value("x"), parsed(R"({"$ref": "#/$defs/y", "$defs": {"x": {}}})")), std::nullopt);
}

}  // namespace
}  // namespace record

#include "harness/record/result.hpp"

#include "harness/ledger/judge.hpp"
#include "harness/record/json_text.hpp"
#include "harness/record/ledger_summary.hpp"
#include "harness/record/schema_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <fstream>
#include <limits>
#include <sstream>

namespace record {
namespace {

namespace json = boost::json;

json::value parsed(std::string_view text) {
  return json::parse(json::string_view(text.data(), text.size()));
}
json::value schema() {
  return parsed(result_schema_text());
}

result example() {
  result out;
  out.kind = "conform";
  out.suite = "gate";
  out.verdict = run_verdict::findings;
  out.exit_code = 1;
  out.target = {"shop-chat", "4f2c1e9", "http://127.0.0.1:8080"};
  out.started = "2026-11-24T05:10:00Z";
  out.seconds = 38.25;
  out.seed = std::numeric_limits<std::uint64_t>::max();
  out.versions = {"0.1.0", "1"};
  out.machine = {"Some CPU @ 2 GHz", 2, 3900, "Linux 6.1.0", 1024};
  out.command = "rollcall conform -t shop.yaml";
  requirement one;
  one.id = "RT-02";
  one.variant = "socketio";
  one.title = "exactly once";
  one.text = "A \"quoted\" sentence\nof two lines.";
  one.verdict = requirement_verdict::known_failure;
  one.level = level::should;
  one.tier = tier::hardening;
  one.impact = impact::disruptive;
  one.trials = {10, 3};
  one.checks = {{"frames of the message", "1", "2", false}, {"status", "201", "201", true}};
  one.seconds = 0.1;
  out.requirements = {one, requirement{}};
  out.ledger.counts = {{"sent", 12}, {"owed", 9}};
  out.exceptions = {{"delivery.to: everyone", "clients filter", "broadcast"}};
  finding bare;
  bare.kind = "phantom";
  out.ledger.findings = {
      {"lost", "Message 1 never came.", message_name{"7", "alice", 1}, "bob", 3, 1.5, {1, 5, 9}, "t.jsonl"}, bare};
  return out;
}

TEST(Result, RoundTripsThroughJson) {
  const auto read = from_json(to_json(example()));
  ASSERT_TRUE(read.value) << read.problem;
  EXPECT_EQ(*read.value, example());
  EXPECT_EQ(to_json(*read.value), to_json(example()));
  ASSERT_TRUE(from_json(to_json(result{})).value) << from_json(to_json(result{})).problem;
  EXPECT_EQ(*from_json(to_json(result{})).value, result{});
}

TEST(Result, EveryWordIsInTheSchema) {
  for (int i = 0; i < 10; ++i) {
    auto one = example();
    one.requirements[0].verdict = static_cast<requirement_verdict>(i);
    one.verdict = static_cast<run_verdict>(i % 8);
    const auto read = from_json(to_json(one));
    ASSERT_TRUE(read.value) << read.problem;
    EXPECT_EQ(*read.value, one);
  }
}

TEST(Result, ADocumentIsValidByThePublishedSchema) {
  EXPECT_EQ(violation(parsed(to_json(example())), schema()), std::nullopt);
  std::ifstream file(ROLLCALL_SOURCE "/harness/record/schema/result.json");
  std::stringstream published;
  published << file.rdbuf();
  EXPECT_EQ(published.str(), result_schema_text());
}

TEST(Result, WhatTheSchemaForbidsIsToldWithItsPlace) {
  const auto problem_of = [](const auto& change) {
    auto document = parsed(to_json(example()));
    change(document.as_object());
    return from_json(pretty(document)).problem;
  };
  EXPECT_EQ(problem_of([](json::object& o) { o.erase("seed"); }), "the document: lacks \"seed\"");
  EXPECT_EQ(problem_of([](json::object& o) { o["colour"] = 1; }), "colour: is not a member that the schema knows");
  EXPECT_EQ(problem_of([](json::object& o) { o["schema"] = "rollcall.result/2"; }),
            "schema: expected \"rollcall.result/1\"");
  EXPECT_EQ(problem_of([](json::object& o) { o["seconds"] = "3"; }), "seconds: expected \"number\"");
  EXPECT_EQ(problem_of([](json::object& o) { o["exit_code"] = 1.5; }), "exit_code: expected \"integer\"");
  EXPECT_EQ(problem_of([](json::object& o) { o["exit_code"] = -1; }), "exit_code: expected at least 0");
  EXPECT_THAT(problem_of([](json::object& o) { o["requirements"].as_array()[0].as_object()["verdict"] = "passed"; }),
              testing::StartsWith("requirements[0].verdict: expected one of [\"pass\""));
  EXPECT_EQ(problem_of([](json::object& o) {
              o["ledger"].as_object()["findings"].as_array()[1].as_object()["message"] = json::object{};
            }),
            "ledger.findings[1].message: lacks \"chat\"");
  EXPECT_EQ(problem_of([](json::object& o) { o["ledger"].as_object()["counts"].as_object()["x"] = "1"; }),
            "ledger.counts.x: expected \"integer\"");
  EXPECT_THAT(problem_of([](json::object& o) { o["exit_code"] = 1LL << 40; }), testing::HasSubstr("out of range"));
  EXPECT_THAT(from_json("{").problem, testing::StartsWith("not JSON"));
  EXPECT_THAT(from_json("[]").problem, testing::HasSubstr("expected \"object\""));
}

TEST(SchemaCheck, AWordThatItDoesNotKnowIsAProblem) {
  EXPECT_NE(violation(json::value("x"), parsed(R"({"type": "string", "maxLength": 3})")), std::nullopt);
}

TEST(Result, PrettyTextIsStable) {
  EXPECT_EQ(
      pretty(parsed(R"({"b":[1,2],"a":{},"c":[{"x":"q\"\n"}],"d":[],"e":1.0,"f":0.1,"g":null,"h":true})")),
      "{\n  \"b\": [1, 2],\n  \"a\": {},\n  \"c\": [\n    {\n      \"x\": \"q\\\"\\n\"\n    }\n  ],\n  \"d\": [],\n"
      "  \"e\": 1.0,\n  \"f\": 0.1,\n  \"g\": null,\n  \"h\": true\n}\n");
}

TEST(Result, FullIds) {
  requirement one;
  one.id = "AUTH-02";
  EXPECT_EQ(full_id(one), "AUTH-02");
  one.variant = "expired";
  EXPECT_EQ(full_id(one), "AUTH-02[expired]");
}

TEST(LedgerSummary, NamesCountsAndFindings) {
  ledger::trace t("run1");
  const auto bob = t.user("bob");
  const auto message = t.next_message(t.chat("42"), t.user("alice"));
  const auto socket = t.socket_started(ledger::instant(0), bob);
  t.socket_ready(ledger::instant(1), socket);
  t.sent(ledger::instant(2), message, bob);
  t.answered(ledger::instant(3), message, ledger::outcome::acked, 201, "9");
  t.drained(std::chrono::seconds(11), socket);
  const auto summary = summarise(judge(t, {}), t, "trace.jsonl");
  ASSERT_EQ(summary.findings.size(), 1U);
  const auto& lost = summary.findings[0];
  EXPECT_EQ(lost.kind, "lost");
  EXPECT_EQ(lost.message, (message_name{"42", "alice", 1}));
  EXPECT_EQ(lost.user, "bob");
  EXPECT_EQ(lost.socket, 0U);
  EXPECT_EQ(lost.at, 11.0);
  EXPECT_EQ(lost.trace, "trace.jsonl");
  EXPECT_EQ(lost.proof, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_THAT(lost.sentence, testing::HasSubstr("Message 1 of alice in chat 42 was acknowledged and never came to"));
  auto sum = summary;
  add(sum, summary);
  EXPECT_EQ(sum.findings.size(), 2U);
  EXPECT_EQ(sum.counts.size(), summary.counts.size());
  EXPECT_EQ(sum.counts[0], (std::pair<std::string, std::uint64_t>{"sent", 2}));
}

TEST(Machine, TellsWhatItIs) {
  const auto here = this_machine();
  EXPECT_FALSE(here.cpu.empty());
  EXPECT_GE(here.cores, 1U);
  EXPECT_GT(here.memory_mib, 64U);
  EXPECT_THAT(here.kernel, testing::StartsWith("Linux "));
}

}  // namespace
}  // namespace record

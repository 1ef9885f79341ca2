#include "harness/record/trace_file.hpp"

#include "harness/ledger/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace record {
namespace {

using namespace ledger;
using std::chrono::milliseconds;

// One event of every kind, with findings of several classes in it.
ledger::trace example_trace() {
  ledger::trace t("run1");
  const auto alice = t.user("alice");
  const auto bob = t.user("b\"ob\n");
  const auto chat = t.chat("42");
  const auto lost = t.next_message(chat, alice);
  const auto twice = t.next_message(chat, alice);
  const auto refused = t.next_message(chat, alice);
  const auto socket = t.socket_started(milliseconds(1), bob);
  t.socket_ready(milliseconds(2), socket);
  t.sent(milliseconds(3), lost, bob);
  t.answered(milliseconds(4), lost, outcome::acked, 201, "90071992547409931");
  t.sent(milliseconds(5), twice, bob, 1, true);
  t.answered(milliseconds(6), twice, outcome::unknown, 0, "");
  t.sent(milliseconds(7), twice, bob, 2);
  t.answered(milliseconds(8), twice, outcome::acked, 200, "90071992547409932", 2);
  t.frame(milliseconds(9), socket, "90071992547409932", {content::tagged, twice}, chat);
  t.frame(milliseconds(9), socket, "", {content::tagged, twice});
  t.frame(milliseconds(9), socket, "x", {});
  t.frame(milliseconds(9), socket, "y", {content::no_text, std::nullopt});
  t.frame(milliseconds(9), socket, "z", t.recognise(write_tag({"run1", 9, 9, 9, {}}, "")));
  t.sent(milliseconds(10), refused, bob);
  t.answered(milliseconds(11), refused, outcome::refused, 422, "");
  t.drained(milliseconds(20'000), socket);
  t.drained(milliseconds(20'000), socket, true);
  t.socket_ended(milliseconds(20'001), socket, ending::closed_by_peer, 1012);
  auto walk = t.sweep_begun(milliseconds(20'002), bob, chat);
  t.sweep_row(milliseconds(20'003), walk, "90071992547409932", {content::damaged, twice});
  t.sweep_row(milliseconds(20'003), walk, "1", {});
  t.sweep_completed(milliseconds(20'004), walk);
  walk = t.sweep_begun(milliseconds(20'005), bob, chat, false);
  t.socket_ended(milliseconds(20'006), t.socket_started(milliseconds(20'006), alice), ending::refused);
  return t;
}

rules odd_rules() {
  rules out;
  out.settle = milliseconds(5);
  out.deadline = std::chrono::seconds(3);
  out.announcing_close_codes = {4000, 4001};
  out.later_message_proves_loss = false;
  out.offline = offline_policy::replay;
  out.echo_allowed = true;
  out.everyone_receives = true;
  out.warm_up = milliseconds(200);
  out.ids_ordered = false;
  out.ids_unique = false;
  out.walks_are_stable = false;
  return out;
}

std::string stored(const ledger::trace& of, const rules& declared = {}) {
  std::ostringstream out;
  trace_writer writer(out, of, 7, declared);
  writer.finish(of);
  return out.str();
}

read_trace_result read(const std::string& text) {
  std::istringstream in(text);
  return read_trace(in);
}

TEST(TraceFile, GivesTheSameTraceBack) {
  const auto original = example_trace();
  const auto back = read(stored(original));
  ASSERT_TRUE(back.value) << back.problem;
  EXPECT_TRUE(back.value->whole);
  EXPECT_EQ(back.value->seed, 7U);
  EXPECT_EQ(back.value->trace.run(), "run1");
  EXPECT_TRUE(std::ranges::equal(back.value->trace.events(), original.events()));
  EXPECT_TRUE(std::ranges::equal(back.value->trace.users(), original.users()));
  EXPECT_TRUE(std::ranges::equal(back.value->trace.chats(), original.chats()));
  EXPECT_TRUE(std::ranges::equal(back.value->trace.messages(), original.messages()));
  EXPECT_EQ(stored(back.value->trace), stored(original));
}

TEST(TraceFile, JudgedAgainItHasTheSameVerdict) {
  for (const auto& declared : {rules{}, odd_rules()}) {
    const auto original = example_trace();
    const auto back = read(stored(original, declared));
    ASSERT_TRUE(back.value) << back.problem;
    const auto verdict = judge(original, declared);
    EXPECT_GE(verdict.findings.size(), 4U);
    EXPECT_EQ(judge(back.value->trace, back.value->declared), verdict);
  }
}

TEST(TraceFile, KeepsTheRules) {
  const auto back = read(stored(example_trace(), odd_rules()));
  ASSERT_TRUE(back.value) << back.problem;
  EXPECT_EQ(back.value->declared.settle, odd_rules().settle);
  EXPECT_EQ(back.value->declared.deadline, odd_rules().deadline);
  EXPECT_EQ(back.value->declared.announcing_close_codes, odd_rules().announcing_close_codes);
  EXPECT_EQ(back.value->declared.offline, offline_policy::replay);
  EXPECT_FALSE(back.value->declared.later_message_proves_loss);
  EXPECT_TRUE(back.value->declared.echo_allowed);
  EXPECT_TRUE(back.value->declared.everyone_receives);
  EXPECT_EQ(back.value->declared.warm_up, odd_rules().warm_up);
  EXPECT_FALSE(back.value->declared.ids_ordered);
  EXPECT_FALSE(back.value->declared.ids_unique);
  EXPECT_FALSE(back.value->declared.walks_are_stable);
}

TEST(TraceFile, WrittenInPartsItIsAsGood) {
  ledger::trace growing("run1");
  std::ostringstream out;
  trace_writer writer(out, growing, 7, {});
  const auto original = example_trace();
  for (const auto& user : original.users()) {
    growing.user(user);
  }
  growing.chat("42");
  for (const auto& key : original.messages()) {
    growing.message(key);
  }
  for (const auto& event : original.events()) {
    growing.append(event);
    writer.write(growing);
  }
  const auto open = read(out.str());
  ASSERT_TRUE(open.value) << open.problem;
  EXPECT_FALSE(open.value->whole);
  writer.finish(growing);
  const auto back = read(out.str());
  ASSERT_TRUE(back.value) << back.problem;
  EXPECT_TRUE(back.value->whole);
  EXPECT_EQ(judge(back.value->trace, {}), judge(original, {}));
}

TEST(TraceFile, ALineThatWasCutOffCountsAsNotWritten) {
  const auto text = stored(example_trace());
  const auto last = text.rfind('\n', text.size() - 2);
  const auto before = text.rfind('\n', last - 1);
  const auto back = read(text.substr(0, before + 10));
  ASSERT_TRUE(back.value) << back.problem;
  EXPECT_FALSE(back.value->whole);
  EXPECT_EQ(back.value->trace.events().size(), example_trace().events().size() - 1);
}

TEST(TraceFile, WhatIsWrongIsToldWithItsLine) {
  EXPECT_THAT(read("").problem, testing::StartsWith("line 1: expected a head"));
  EXPECT_THAT(read("{\"schema\":\"rollcall.trace/9\"}\n").problem, testing::HasSubstr("rollcall.trace/9"));
  const auto head = stored(ledger::trace("run1"));
  const auto line = [&](const std::string& text) {
    return read(head.substr(0, head.find('\n') + 1) + text + "\n{}\n").problem;
  };
  EXPECT_EQ(line("rubbish"), "line 2: not a JSON object");
  EXPECT_EQ(line("{}"), "line 2: lacks \"message\"");
  EXPECT_EQ(line(R"({"event":"sung","at":1})"), "line 2: \"sung\" is no event that is known here");
  EXPECT_EQ(line(R"({"event":"ready","at":1})"), "line 2: lacks \"socket\"");
  EXPECT_THAT(line(R"({"event":"ready","at":1,"socket":0})"), testing::HasSubstr("never handed out this socket"));
  EXPECT_THAT(line(R"({"event":"ready","at":"1","socket":0})"), testing::StartsWith("line 2: "));
  EXPECT_THAT(line(R"({"events":5})"), testing::HasSubstr("counts other events"));
}

}  // namespace
}  // namespace record

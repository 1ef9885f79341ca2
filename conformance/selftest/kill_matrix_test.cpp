// The proof that the suite can fail: rollcall conform, as a user runs it, against rollcall-faulty. The unbroken backend
// passes every case, and so does one that is odd but right; each fault turns its own requirement red and no other, but
// for those that the same cause must break, too. What depends on the broken one reads blocked.
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <ostream>
#include <thread>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::program_result;
using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using record::requirement_verdict;

// Two seconds are long for a backend on this machine, and lost messages cost each waiting case its patience; a build
// under a sanitizer is many times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROLLCALL_SANITIZED
constexpr const char* patience = "patience: 10s\n";
#else
constexpr const char* patience = "patience: 2s\n";
#endif
const std::string declared = std::string(
                                 "features: [contract.statuses, keyset, ordered_ids, devices.many, receive_only]\n"
                                 "delivery: { loss_codes: [1012, 1013] }\n") +
                             patience;

struct judged {
  program_result said;
  std::optional<record::result> result;
};

judged judge(std::vector<std::string> backend_flags, const std::vector<std::string>& flags = {},
             const std::string& file = declared) {
  backend_flags.insert(backend_flags.begin(), {"--seed", "7"});
  const faulty_backend backend(backend_flags);
  const scratch_folder folder;
  std::vector<std::string> words{std::string(ROLLCALL_BIN) + "/rollcall",
                                 "conform",
                                 "--json",
                                 "--target",
                                 backend.write_target(folder.path(), file),
                                 "--out",
                                 folder.path() + "/run",
                                 "--workers",
                                 "8"};
  words.insert(words.end(), flags.begin(), flags.end());
  judged seen;
  seen.said = run_program(words, {}, std::chrono::seconds(240));
  seen.result = record::from_json(seen.said.out).value;
  return seen;
}

std::vector<std::string> ids_with(const record::result& result, requirement_verdict verdict) {
  std::vector<std::string> ids;
  for (const auto& each : result.requirements) {
    if (each.verdict == verdict) ids.push_back(record::full_id(each));
  }
  return ids;
}

std::string words_of(const judged& seen) {
  return seen.said.err + (seen.result ? "" : seen.said.out);
}

void expect_all_green(const judged& seen) {
  EXPECT_EQ(seen.said.code, 0) << words_of(seen);
  ASSERT_TRUE(seen.result) << words_of(seen);
  EXPECT_EQ(seen.result->verdict, record::run_verdict::passed);
  for (const auto& each : seen.result->requirements) {
    EXPECT_EQ(each.verdict, requirement_verdict::pass) << record::full_id(each) << " " << each.reason;
  }
  EXPECT_THAT(seen.result->ledger.findings, testing::IsEmpty());
}

TEST(unbroken_backend, passes_every_case) {
  const auto seen = judge({});
  expect_all_green(seen);
  ASSERT_TRUE(seen.result);
  EXPECT_THAT(seen.result->requirements, testing::SizeIs(testing::Ge(46U)));
}

TEST(unbroken_backend, passes_every_case_when_commits_take_long) {
  expect_all_green(judge({"--commit-delay", "10ms"}));
}

TEST(odd_but_right_backend, passes_every_case) {
  expect_all_green(judge({"--benign", "extra_fields", "--benign", "reordered_keys", "--benign", "pretty_json",
                          "--ping-interval", "100ms"}));
}

// What sends one message after another a hundred times would take minutes here.
TEST(slow_but_right_backend, passes_what_is_not_about_numbers) {
  const auto seen =
      judge({"--benign", "slow_answers"}, {"--skip", "RT-02,RT-03,RT-06,RT-15,LIFE-*,OFF-05,OFF-07,AUTH-02,PAGE-*"});
  expect_all_green(seen);
}

struct fault_case {
  std::string fault;
  std::string requirement;
  std::vector<std::string> too = {};  // what the same cause may turn red as well
};

std::ostream& operator<<(std::ostream& out, const fault_case& value) {
  return out << value.fault;
}

// Whole in an ordinary build. Under a sanitizer one fault of each group: it is our code that is looked at there.
const std::vector<fault_case> caught{
    {"broadcast", "ISO-01"},
    {"lose_delivery=0.01", "RT-01"},
    {"membership_unchecked", "AUTH-04"},
#ifndef ROLLCALL_SANITIZED
    {"chat_answer_without_id", "CHAT-01"},
    {"chat_list_cached", "CHAT-02"},
    {"chat_listed_for_creator_only", "CHAT-03"},
    {"foreign_chats_listed", "CHAT-04"},
    {"chat_list_other_ids", "CHAT-05"},
    {"trim_body", "MSG-04"},
    {"sender_from_body", "MSG-05"},
    {"insert_before_validation", "MSG-13"},
    {"history_unordered", "PAGE-01"},
    {"page_boundary_repeats", "PAGE-02"},
    {"lose_delivery", "RT-01"},
    {"deliver_nothing", "RT-01"},
    {"duplicate", "RT-02"},
    {"duplicate=0.01", "RT-02"},
    // A socket that ends between the two frames that were swapped has lost one.
    {"reorder=0.05", "RT-03", {"RT-01", "LIFE-02", "LIFE-03"}},
    {"corrupt", "RT-05"},
    {"body_escaped_twice", "RT-05"},
    {"publish_before_commit", "RT-06"},
    {"publish_then_refuse", "RT-07"},
    {"echo_to_sender", "RT-09"},
    {"membership_cached_at_connect", "RT-12"},
    {"batch_reversed", "RT-15", {"RT-01", "LIFE-02", "LIFE-03"}},
    {"misroute", "ISO-01"},
    {"fan_out_to_contacts", "ISO-02"},
    {"no_token_empty_list", "AUTH-01"},
    {"expired_token_accepted", "AUTH-02[expired]"},
    {"post_membership_unchecked", "AUTH-05"},
    {"socket_unauthenticated_gets_frames", "AUTH-09"},
    {"query_user_trusted", "AUTH-10"},
    {"replay_on_connect", "OFF-02"},
    {"replay_on_second_connect", "OFF-03"},
    {"history_in_hello", "OFF-04"},
    {"unacked_resent", "OFF-05"},
    {"stale_history", "OFF-07"},
    {"late_registration", "LIFE-01"},
    {"late_close_detaches_new", "LIFE-02"},
    {"aborted_socket_swallows", "LIFE-03"},
    {"handler_per_reconnect", "LIFE-04"},
    {"last_socket_only", "DEV-01"},
    {"client_frame_inserts", "SOCK-03"},
    {"client_frame_relayed", "SOCK-03"},
#endif
};

/// Runs the selected faults a few at a time: most of a run is waiting.
class matrix {
 public:
  static const judged& of(const std::string& fault) {
    static matrix all;
    return all.seen_.at(fault);
  }

 private:
  matrix() {
    std::vector<std::string> selected;
    const testing::TestSuite& suite = *testing::UnitTest::GetInstance()->current_test_suite();
    for (int i = 0; i < suite.total_test_count(); ++i) {
      if (suite.GetTestInfo(i)->should_run()) selected.push_back(caught.at(static_cast<std::size_t>(i)).fault);
    }
    std::atomic<std::size_t> next{0};
    std::mutex writing;
    const auto work = [&] {
      for (std::size_t i; (i = next++) < selected.size();) {
        judged seen = judge({"--fault", selected[i]}, {"--repeat", "0"});
        const std::lock_guard lock(writing);
        seen_[selected[i]] = std::move(seen);
      }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(2U, std::thread::hardware_concurrency()); ++i) threads.emplace_back(work);
    threads.clear();  // joins
  }

  std::map<std::string, judged> seen_;
};

class kill_matrix : public testing::TestWithParam<fault_case> {};

TEST_P(kill_matrix, fault_turns_its_own_requirement_red) {
  const auto& expected = GetParam();
  const judged& seen = matrix::of(expected.fault);
  EXPECT_EQ(seen.said.code, 1) << words_of(seen);
  ASSERT_TRUE(seen.result) << words_of(seen);
  const auto red = ids_with(*seen.result, requirement_verdict::fail);
  EXPECT_THAT(red, testing::Contains(expected.requirement));
  for (const auto& each : red) {
    EXPECT_TRUE(each == expected.requirement || std::ranges::count(expected.too, each) > 0) << each << " is red, too";
  }
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::error), testing::IsEmpty());
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::inconclusive), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(faults, kill_matrix, testing::ValuesIn(caught), [](const auto& each) {
  std::string name = each.param.fault;
  std::ranges::replace_if(
      name, [](char c) { return c == '=' || c == '.'; }, '_');
  return name;
});

// Odd input makes the gate warn; who wants it red says so.
TEST(hardening, warns_in_the_gate_and_fails_when_strict) {
  for (const bool strict : {false, true}) {
    const std::vector<std::string> flags =
        strict ? std::vector<std::string>{"--repeat", "0", "--strict"} : std::vector<std::string>{"--only", "VAL-*"};
    const auto seen = judge({"--fault", "odd_chat_id_breaks"}, flags);
    EXPECT_EQ(seen.said.code, strict ? 1 : 0) << words_of(seen);
    ASSERT_TRUE(seen.result) << words_of(seen);
    EXPECT_THAT(ids_with(*seen.result, requirement_verdict::warning), testing::ElementsAre("VAL-13"));
    EXPECT_THAT(ids_with(*seen.result, requirement_verdict::fail), testing::IsEmpty());
  }
}

// Its makers say so: everybody receives, and a socket is attached a little after its ready event.
const std::string with_exceptions =
    std::string(
        "features: [contract.statuses, keyset, ordered_ids, devices.many, receive_only]\n"
        "delivery: { loss_codes: [1012, 1013], echo: true, to: everyone, warm_up: 200ms }\n"
        "deviations: { ISO-01: clients filter by chat }\n") +
    patience;
const std::vector<std::string> exceptional{
    "--fault", "broadcast", "--fault", "late_registration", "--registration-delay", "150ms"};

TEST(declared_exceptions, are_deviations_and_counted_and_nothing_is_red) {
  const auto seen = judge(exceptional, {}, with_exceptions);
  EXPECT_EQ(seen.said.code, 0) << words_of(seen);
  ASSERT_TRUE(seen.result) << words_of(seen);
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::deviation),
              testing::UnorderedElementsAre("ISO-01", "ISO-02", "AUTH-10"));
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::pass), testing::SizeIs(seen.result->requirements.size() - 3));
  EXPECT_THAT(seen.result->ledger.findings, testing::IsEmpty());
  ASSERT_EQ(seen.result->exceptions.size(), 2U);
  EXPECT_EQ(seen.result->exceptions[0].reason, "clients filter by chat");
  std::map<std::string, std::uint64_t> counts(seen.result->ledger.counts.begin(), seen.result->ledger.counts.end());
  EXPECT_GT(counts["broadcast"], 100U);
  EXPECT_GT(counts["missed_in_warm_up"], 0U);
}

TEST(declared_exceptions, excuse_nothing_else) {
  auto flags = exceptional;
  flags.insert(flags.end(), {"--fault", "duplicate=0.01"});
  const auto seen = judge(flags, {"--only", "RT-02,ISO-01", "--repeat", "0"}, with_exceptions);
  EXPECT_EQ(seen.said.code, 1) << words_of(seen);
  ASSERT_TRUE(seen.result) << words_of(seen);
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::fail), testing::ElementsAre("RT-02"));
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::deviation), testing::ElementsAre("ISO-01"));
}

// A finding of a requirement that was not selected is not swept under the carpet.
TEST(finding_beside_the_selection, turns_the_run_red) {
  const auto seen = judge({"--fault", "duplicate"}, {"--only", "RT-01"});
  EXPECT_EQ(seen.said.code, 1) << words_of(seen);
  ASSERT_TRUE(seen.result) << words_of(seen);
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::fail), testing::IsEmpty());
  ASSERT_FALSE(seen.result->ledger.findings.empty());
  EXPECT_EQ(seen.result->ledger.findings.front().kind, "duplicated");
}

TEST(racy_failure, says_how_often_it_happens) {
  const auto seen = judge({"--fault", "chat_listed_for_creator_only=0.3"}, {"--only", "CHAT-03", "--repeat", "9"});
  EXPECT_EQ(seen.said.code, 1) << words_of(seen);
  ASSERT_TRUE(seen.result) << words_of(seen);
  EXPECT_THAT(ids_with(*seen.result, requirement_verdict::fail), testing::ElementsAre("CHAT-03"));
  EXPECT_THAT(seen.result->requirements.front().reason, testing::MatchesRegex("fails [0-9]+ of 10 attempts"));
}

}  // namespace

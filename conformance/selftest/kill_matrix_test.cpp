// The proof that the suite can fail: rollcall conform, as a user runs it, against rollcall-faulty. The unbroken backend
// passes every case; each fault turns its own requirement red and no other.
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

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
                                 "features: [contract.statuses, keyset, ordered_ids]\n"
                                 "delivery: { loss_codes: [1012, 1013] }\n") +
                             patience;

record::result judge(const std::vector<std::string>& faults, program_result& said,
                     const std::vector<std::string>& flags = {}) {
  std::vector<std::string> backend_flags{"--seed", "7"};
  for (const auto& fault : faults) {
    backend_flags.push_back("--fault");
    backend_flags.push_back(fault);
  }
  const faulty_backend backend(backend_flags);
  const scratch_folder folder;
  std::vector<std::string> words{std::string(ROLLCALL_BIN) + "/rollcall",
                                 "conform",
                                 "--json",
                                 "--target",
                                 backend.write_target(folder.path(), declared),
                                 "--out",
                                 folder.path() + "/run"};
  words.insert(words.end(), flags.begin(), flags.end());
  said = run_program(words, {}, std::chrono::seconds(240));
  const auto read = record::from_json(said.out);
  if (!read.value) {
    ADD_FAILURE() << read.problem << "\n" << said.out << said.err;
    return {};
  }
  return *read.value;
}

std::vector<std::string> ids_with(const record::result& result, requirement_verdict verdict) {
  std::vector<std::string> ids;
  for (const auto& each : result.requirements) {
    if (each.verdict == verdict) ids.push_back(record::full_id(each));
  }
  return ids;
}

struct fault_case {
  std::string fault;
  std::string requirement;
};

std::ostream& operator<<(std::ostream& out, const fault_case& value) {
  return out << value.fault;
}

class kill_matrix : public testing::TestWithParam<fault_case> {};

TEST(unbroken_backend, passes_every_case) {
  program_result said;
  const auto result = judge({}, said);
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  EXPECT_EQ(result.verdict, record::run_verdict::passed);
  EXPECT_THAT(ids_with(result, requirement_verdict::pass), testing::SizeIs(result.requirements.size()));
  EXPECT_THAT(result.requirements, testing::SizeIs(testing::Ge(15U)));
  EXPECT_THAT(result.ledger.findings, testing::IsEmpty());
}

TEST_P(kill_matrix, fault_turns_its_own_requirement_red) {
  program_result said;
  const auto result = judge({GetParam().fault}, said);
  EXPECT_EQ(said.code, 1) << said.out << said.err;
  EXPECT_THAT(ids_with(result, requirement_verdict::fail), testing::ElementsAre(GetParam().requirement)) << said.out;
  EXPECT_THAT(ids_with(result, requirement_verdict::error), testing::IsEmpty());
  EXPECT_THAT(ids_with(result, requirement_verdict::inconclusive), testing::IsEmpty()) << said.out;
}

// Whole in an ordinary build. Under a sanitizer one fault of each group: it is our code that is looked at there.
const std::vector<fault_case> caught{
    {"broadcast", "ISO-01"},         {"lose_delivery=0.01", "RT-01"}, {"membership_unchecked", "AUTH-04"},
#ifndef ROLLCALL_SANITIZED
    {"replay_on_connect", "OFF-02"}, {"duplicate", "RT-02"},          {"duplicate=0.01", "RT-02"},
    {"lose_delivery", "RT-01"},      {"deliver_nothing", "RT-01"},    {"expired_token_accepted", "AUTH-02[expired]"},
#endif
};

INSTANTIATE_TEST_SUITE_P(faults, kill_matrix, testing::ValuesIn(caught), [](const auto& each) {
  std::string name = each.param.fault;
  std::ranges::replace_if(
      name, [](char c) { return c == '=' || c == '.'; }, '_');
  return name;
});

// A finding of a requirement that was not selected is not swept under the carpet.
TEST(finding_beside_the_selection, turns_the_run_red) {
  program_result said;
  const auto result = judge({"duplicate"}, said, {"--only", "RT-01"});
  EXPECT_EQ(said.code, 1) << said.out << said.err;
  EXPECT_THAT(ids_with(result, requirement_verdict::fail), testing::IsEmpty());
  ASSERT_FALSE(result.ledger.findings.empty());
  EXPECT_EQ(result.ledger.findings.front().kind, "duplicated");
}

}  // namespace

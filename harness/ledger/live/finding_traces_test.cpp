// What is kept around a finding is enough for the oracle to find it again, and accuses nobody else.
#include "harness/ledger/live/test/simulated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ledger {
namespace {

std::string name_of(user_id number) {
  return "user " + std::to_string(static_cast<std::uint32_t>(number));
}
std::string name_of(chat_id number) {
  return "chat " + std::to_string(static_cast<std::uint32_t>(number));
}

std::optional<trace> around(const live_ledger& book, const live_finding& found) {
  return book.trace_of(
      found, [](user_id number) { return name_of(number); }, [](chat_id number) { return name_of(number); });
}

std::string called(finding_class kind, const std::string& chat, const std::string& sender, std::uint32_t sequence) {
  return std::string(name(kind)) + " " + chat + " " + sender + " " + std::to_string(sequence);
}

std::vector<std::string> judged_again(const trace& of, const rules& declared) {
  std::vector<std::string> out;
  for (const auto& one : judge(of, declared).findings) {
    const auto& key = of.key(*one.message);
    out.push_back(called(one.kind, std::string(of.name(key.chat)), std::string(of.name(key.sender)), key.sequence));
  }
  return out;
}

class Around : public testing::TestWithParam<fault> {};

TEST_P(Around, AFindingTheOracleFindsItAgain) {
  std::size_t findings = 0;
  std::size_t again = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const auto how = variant_of(seed);
    if (how.replays || !how.numbered) {
      continue;  // there the oracle and the live ledger differ by design
    }
    const simulator run(seed, how, GetParam());
    live_ledger book(run.trace.run(), run.rules, range_of(run.trace));
    replay(drained_together(run.trace), members_of(run.trace), book);
    std::vector<std::string> all;
    for (const auto& one : book.findings()) {
      all.push_back(called(one.kind, name_of(one.message.chat), name_of(one.message.sender), one.message.sequence));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      ++findings;
      const auto kept = around(book, book.findings()[i]);
      ASSERT_TRUE(kept) << "seed " << seed;
      const auto found = judged_again(*kept, run.rules);
      again += std::count(found.begin(), found.end(), all[i]) > 0 ? 1 : 0;
      for (const auto& one : found) {
        EXPECT_TRUE(std::count(all.begin(), all.end(), one) > 0) << "seed " << seed << ": " << one;
      }
    }
  }
  EXPECT_GT(findings, 20U);
  EXPECT_EQ(again, findings);
}

INSTANTIATE_TEST_SUITE_P(Faults, Around,
                         testing::Values(fault::loss, fault::duplicate, fault::misroute, fault::replay, fault::reorder,
                                         fault::corrupt, fault::phantom, fault::missing_row, fault::repeated_row,
                                         fault::refused_row, fault::refused_frame));

}  // namespace
}  // namespace ledger

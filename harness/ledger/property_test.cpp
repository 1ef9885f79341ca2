// Over many random runs: a correct backend is never accused, and a planted fault never goes unnoticed.
#include "harness/ledger/test/simulator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace ledger {
namespace {

// More when asked for: ROLLCALL_ROUNDS=100000.
std::uint64_t rounds(std::uint64_t usual) {
  const char* const wanted = std::getenv("ROLLCALL_ROUNDS");
  return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
}

variant variant_of(std::uint64_t seed) {
  variant how;
  how.churn = seed % 3 != 0;
  how.sleeps = seed % 5 == 1;
  how.echo = seed % 7 == 2;
  how.numbered = seed % 2 == 0;
  how.with_text = seed % 11 != 3;
  how.replays = seed % 13 == 4;
  how.patient = seed % 4 != 3;
  return how;
}

std::string told(const simulator& run, const verdict& found) {
  std::string out;
  for (const auto& one : found.findings) {
    out += sentence(one, run.trace) + "\n";
    for (const auto place : one.proof) {
      out += "  event " + std::to_string(place) + " kind " + std::to_string(run.trace.events()[place].index()) +
             " at " + std::to_string(time_of(run.trace.events()[place]).count() / 1'000'000) + "\n";
    }
  }
  return out;
}

TEST(Property, ACorrectBackendIsNeverAccused) {
  counts sum;
  for (std::uint64_t seed = 0; seed < rounds(3'000); ++seed) {
    const simulator run(seed, variant_of(seed), fault::none);
    const auto found = judge(run.trace, run.rules);
    ASSERT_TRUE(found.clean()) << "seed " << seed << "\n" << told(run, found);
    if (!variant_of(seed).churn) {
      ASSERT_EQ(found.counts.uncertain + found.counts.announced, 0U) << seed;
      ASSERT_GE(found.counts.owed, run.certain_pairs) << seed;
      ASSERT_EQ(found.counts.owed, found.counts.delivered) << seed;
    }
    ASSERT_EQ(found.counts.in_history_unjudged, 0U) << seed;
    sum.owed += found.counts.owed;
    sum.uncertain += found.counts.uncertain;
    sum.announced += found.counts.announced;
    sum.at_most_once += found.counts.at_most_once;
    sum.forbidden_checked += found.counts.forbidden_checked;
    sum.refused += found.counts.refused;
    sum.unknown += found.counts.unknown;
    sum.acked_by_retry += found.counts.acked_by_retry;
  }
  // The runs are no empty ones.
  for (const auto count : {sum.owed, sum.uncertain, sum.announced, sum.at_most_once, sum.forbidden_checked, sum.refused,
                           sum.unknown, sum.acked_by_retry}) {
    EXPECT_GT(count, 100U);
  }
  EXPECT_GT(sum.owed, 20 * sum.uncertain);
}

// A target that broadcasts, and one that attaches sockets late: both as declared.
TEST(Property, ABackendWithExceptionsIsNotAccusedOfThem) {
  counts sum;
  for (std::uint64_t seed = 0; seed < rounds(1'000); ++seed) {
    auto how = variant_of(seed);
    how.broadcasts = seed % 3 != 1;
    how.warm_up = seed % 3 != 0 ? 2'000 : 0;
    how.replays = how.replays && how.warm_up == 0;  // a warm-up excuses no replay
    const simulator run(seed, how, fault::none);
    const auto found = judge(run.trace, run.rules);
    ASSERT_TRUE(found.clean()) << "seed " << seed << "\n" << told(run, found);
    sum.owed += found.counts.owed;
    sum.broadcast += found.counts.broadcast;
    sum.missed_in_warm_up += found.counts.missed_in_warm_up;
    ASSERT_EQ(found.counts.missed_in_warm_up, found.missed_in_warm_up.size());
  }
  for (const auto count : {sum.owed, sum.broadcast, sum.missed_in_warm_up}) {
    EXPECT_GT(count, 100U);
  }
}

struct planted_class {
  fault planted;
  finding_class found_as;
};

class PropertyOf : public testing::TestWithParam<planted_class> {};

bool open_about(const std::vector<open_question>& list, const simulator::planted_fault& fault) {
  return std::any_of(list.begin(), list.end(), [&](const open_question& one) {
    return one.message == fault.message && one.socket == fault.socket;
  });
}

TEST_P(PropertyOf, APlantedFaultIsFoundOrStandsAmongTheUncertain) {
  std::uint64_t planted = 0;
  std::uint64_t found_at_once = 0;
  for (std::uint64_t seed = 0; seed < rounds(500); ++seed) {
    const auto how = variant_of(seed);
    const simulator run(seed, how, GetParam().planted);
    const auto verdict = judge(run.trace, run.rules);
    if (!run.planted) {
      ASSERT_TRUE(verdict.clean()) << "seed " << seed << "\n" << told(run, verdict);
      continue;
    }
    ++planted;
    const auto& fault = *run.planted;
    const auto of_it = [&](finding_class kind) {
      return std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const finding& one) {
        return one.kind == kind && one.message == fault.message && (!fault.socket || one.socket == fault.socket);
      });
    };
    const bool kept_back = GetParam().planted == fault::reorder && of_it(finding_class::lost);
    const bool found = of_it(GetParam().found_as) || kept_back;
    const bool open = open_about(verdict.uncertain, fault) || open_about(verdict.announced, fault);
    found_at_once += found ? 1 : 0;
    ASSERT_TRUE(found || (how.churn && open)) << "seed " << seed;
    for (const auto& one : verdict.findings) {
      ASSERT_EQ(one.message, fault.message) << "seed " << seed << " accuses another one\n" << told(run, verdict);
    }
  }
  EXPECT_GT(planted, rounds(500) / 20);
  EXPECT_GT(found_at_once, planted * 7 / 10);
}

INSTANTIATE_TEST_SUITE_P(Faults, PropertyOf,
                         testing::Values(planted_class{fault::loss, finding_class::lost},
                                         planted_class{fault::duplicate, finding_class::duplicated},
                                         planted_class{fault::misroute, finding_class::misrouted},
                                         planted_class{fault::replay, finding_class::replayed},
                                         planted_class{fault::reorder, finding_class::reordered},
                                         planted_class{fault::corrupt, finding_class::corrupted},
                                         planted_class{fault::phantom, finding_class::phantom},
                                         planted_class{fault::missing_row, finding_class::missing_from_history},
                                         planted_class{fault::repeated_row, finding_class::repeated_in_history},
                                         planted_class{fault::refused_row, finding_class::refused_but_stored},
                                         planted_class{fault::refused_frame, finding_class::refused_but_delivered}),
                         [](const auto& of) {
                           std::string text(name(of.param.found_as));
                           std::replace(text.begin(), text.end(), ' ', '_');
                           return text;
                         });

}  // namespace
}  // namespace ledger

// Over many random runs, correct and with a planted fault, the live ledger says what the oracle says of the whole
// trace.
#include "harness/ledger/live/test/simulated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace ledger {
namespace {

// More when asked for: ROLLCALL_ROUNDS=100000.
std::uint64_t rounds(std::uint64_t usual) {
  const char* const wanted = std::getenv("ROLLCALL_ROUNDS");
  return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
}

struct told {
  std::vector<std::string> findings;
  std::vector<std::string> uncertain;
  std::vector<std::string> announced;
  std::vector<std::string> missed_in_warm_up;
  counts totals;

  std::vector<std::string> of(finding_class kind) const {
    std::vector<std::string> out;
    for (const auto& one : findings) {
      if (one.starts_with(name(kind))) {
        out.push_back(one.substr(name(kind).size()));
      }
    }
    return out;
  }
};

std::string called(const message_key& key, std::optional<std::uint32_t> socket) {
  return " " + std::to_string(static_cast<std::uint32_t>(key.chat)) + "/" +
         std::to_string(static_cast<std::uint32_t>(key.sender)) + "/" + std::to_string(key.sequence) + " on " +
         (socket ? std::to_string(*socket) : "history");
}

std::optional<std::uint32_t> number(const std::optional<socket_id>& socket) {
  return socket ? std::optional(static_cast<std::uint32_t>(*socket)) : std::nullopt;
}

told by_oracle(const trace& of, const rules& declared) {
  const auto said = judge(of, declared);
  told out;
  for (const auto& one : said.findings) {
    out.findings.push_back(std::string(name(one.kind)) + called(of.key(*one.message), number(one.socket)));
  }
  for (const auto& one : said.uncertain) {
    out.uncertain.push_back(called(of.key(one.message), number(one.socket)));
  }
  for (const auto& one : said.announced) {
    out.announced.push_back(called(of.key(one.message), number(one.socket)));
  }
  for (const auto& one : said.missed_in_warm_up) {
    out.missed_in_warm_up.push_back(called(of.key(one.message), number(one.socket)));
  }
  out.totals = said.counts;
  out.totals.at_most_once = out.totals.forbidden_checked = out.totals.forbidden_unproven = out.totals.fences = 0;
  for (auto* const list : {&out.findings, &out.uncertain, &out.announced, &out.missed_in_warm_up}) {
    std::sort(list->begin(), list->end());
  }
  return out;
}

told by_live_ledger(const trace& of, const rules& declared) {
  live_ledger book(of.run(), declared, range_of(of), {10'000, 10'000, 0});
  replay(of, members_of(of), book);
  told out;
  for (const auto& one : book.findings()) {
    out.findings.push_back(std::string(name(one.kind)) + called(one.message, one.socket));
  }
  for (const auto& one : book.uncertain()) {
    out.uncertain.push_back(called(one.message, one.socket));
  }
  for (const auto& one : book.announced()) {
    out.announced.push_back(called(one.message, one.socket));
  }
  for (const auto& one : book.missed_in_warm_up()) {
    out.missed_in_warm_up.push_back(called(one.message, one.socket));
  }
  out.totals = book.counts().totals;
  for (auto* const list : {&out.findings, &out.uncertain, &out.announced, &out.missed_in_warm_up}) {
    std::sort(list->begin(), list->end());
  }
  EXPECT_EQ(book.counts().forgotten, 0U);
  return out;
}

bool holds(const std::vector<std::string>& all, const std::vector<std::string>& part) {
  return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

void compare_totals(const counts& live, const counts& oracle) {
  EXPECT_EQ(live.sent, oracle.sent);
  EXPECT_EQ(live.acked, oracle.acked);
  EXPECT_EQ(live.acked_by_retry, oracle.acked_by_retry);
  EXPECT_EQ(live.refused, oracle.refused);
  EXPECT_EQ(live.unknown, oracle.unknown);
  EXPECT_EQ(live.frames, oracle.frames);
  EXPECT_EQ(live.foreign, oracle.foreign);
  EXPECT_EQ(live.walks, oracle.walks);
  EXPECT_EQ(live.in_history_checked, oracle.in_history_checked);
  EXPECT_EQ(live.in_history_unjudged, oracle.in_history_unjudged);
}

void compare(const told& live, const told& oracle, const variant& how, fault planted) {
  compare_totals(live.totals, oracle.totals);
  if (how.replays) {
    // By design: a declared replay is not owed in a live ledger, so what was missed is not looked for.
    EXPECT_TRUE(holds(oracle.findings, live.findings))
        << testing::PrintToString(live.findings) << testing::PrintToString(oracle.findings);
    return;
  }
  EXPECT_EQ(live.announced, oracle.announced);
  EXPECT_EQ(live.missed_in_warm_up, oracle.missed_in_warm_up);
  EXPECT_EQ(live.totals.missed_in_warm_up, oracle.totals.missed_in_warm_up);
  EXPECT_EQ(live.totals.delivered, oracle.totals.delivered);
  EXPECT_EQ(live.totals.owed + live.totals.uncertain, oracle.totals.owed + oracle.totals.uncertain);
  if (how.numbered) {
    if (planted == fault::repeated_row) {
      // By design: where the POST is not answered, the oracle may have the id from a row, here from the false one.
      EXPECT_TRUE(holds(oracle.findings, live.findings));
      EXPECT_EQ(live.findings.size() + oracle.of(finding_class::reordered).size(),
                oracle.findings.size() + live.of(finding_class::reordered).size());
    } else {
      EXPECT_EQ(live.findings, oracle.findings);
    }
    EXPECT_EQ(live.uncertain, oracle.uncertain);
    EXPECT_EQ(live.totals.owed, oracle.totals.owed);
    // By design: what a damaged frame was, and that a message will be refused, is only known afterwards.
    if (planted != fault::corrupt && planted != fault::refused_frame) {
      EXPECT_EQ(live.totals.ordered_by, oracle.totals.ordered_by);
    }
    return;
  }
  // By design: without ordered ids the oracle takes the order of the last walk, the live ledger that of the POSTs,
  // which says less. What it cannot prove lost is uncertain.
  EXPECT_TRUE(holds(oracle.findings, live.findings));
  EXPECT_EQ(joined(live.of(finding_class::lost), live.uncertain),
            joined(oracle.of(finding_class::lost), oracle.uncertain));
  for (std::size_t kind = 0; kind < finding_classes; ++kind) {
    const auto one = static_cast<finding_class>(kind);
    if (one != finding_class::lost && one != finding_class::reordered) {
      EXPECT_EQ(live.of(one), oracle.of(one)) << name(one);
    }
  }
}

class Oracle : public testing::TestWithParam<fault> {};

TEST_P(Oracle, SaysTheSameOfTheWholeTrace) {
  std::uint64_t found = 0;
  for (std::uint64_t seed = 0; seed < rounds(GetParam() == fault::none ? 1'500 : 300); ++seed) {
    const auto how = variant_of(seed);
    const simulator run(seed, how, GetParam());
    const auto together = drained_together(run.trace);
    const auto oracle = by_oracle(together, run.rules);
    const auto live = by_live_ledger(together, run.rules);
    compare(live, oracle, how, GetParam());
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
    found += live.findings.size();
  }
  EXPECT_EQ(found > 0, GetParam() != fault::none);
}

// Rules that the simulated target does not keep make findings by the hundred, of kinds that lie close together.
rules broken_rules(const rules& declared, std::uint64_t seed) {
  auto out = declared;
  switch (seed % 6) {
    case 0:
      out.deadline = std::chrono::milliseconds(500);
      break;
    case 1:
      out.settle = std::chrono::milliseconds(300);
      break;
    case 2:
      out.announcing_close_codes.clear();
      break;
    case 3:
      out.later_message_proves_loss = !out.later_message_proves_loss;
      out.deadline = std::chrono::seconds(3);
      break;
    case 4:
      out.echo_allowed = !out.echo_allowed;
      break;
    default:
      out.ids_ordered = true;
      out.deadline = std::chrono::seconds(1);
      break;
  }
  return out;
}

TEST(OracleUnderRulesThatAreNotKept, SaysTheSameOfTheWholeTrace) {
  std::array<std::size_t, finding_classes> found{};
  for (std::uint64_t seed = 0; seed < rounds(1'500); ++seed) {
    auto how = variant_of(seed);
    how.replays = false;
    how.numbered = true;
    how.patient = seed % 2 == 0;
    // By design: an echo after the deadline is not judged, so where that is short there are none.
    how.echo = how.echo && (seed / 12) % 2 == 0 && (seed / 12) % 6 != 0;
    // By design: what a damaged frame was is only known when its id is, so it is not misrouted as well.
    const auto wanted = static_cast<fault>(seed % 12);
    const auto planted = wanted == fault::corrupt && (seed / 12) % 6 == 4 ? fault::none : wanted;
    const simulator run(seed, how, planted);
    const auto declared = broken_rules(run.rules, seed / 12);
    const auto together = drained_together(run.trace);
    const auto oracle = by_oracle(together, declared);
    const auto live = by_live_ledger(together, declared);
    compare(live, oracle, how, planted);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
    for (std::size_t kind = 0; kind < finding_classes; ++kind) {
      found[kind] += live.of(static_cast<finding_class>(kind)).size();
    }
  }
  for (std::size_t kind = 0; kind < finding_classes; ++kind) {
    EXPECT_GT(found[kind], 0U) << name(static_cast<finding_class>(kind));
  }
}

// Broadcasts and warm-ups, declared and kept, declared and broken by some other fault, and kept but not declared.
TEST(OracleWithExceptions, SaysTheSameOfTheWholeTrace) {
  std::uint64_t broadcast = 0;
  std::uint64_t missed = 0;
  for (std::uint64_t seed = 0; seed < rounds(1'500); ++seed) {
    auto how = variant_of(seed);
    how.replays = false;
    how.numbered = true;
    how.broadcasts = seed % 4 != 1;
    how.warm_up = seed % 4 != 2 ? 1'500 : 0;
    const auto planted = static_cast<fault>(seed % 12);
    // By design: what a damaged frame was is only known when its id is, so it is neither misrouted nor broadcast.
    const bool damages = planted == fault::corrupt;
    const simulator run(seed, how, planted);
    auto declared = run.rules;
    if (seed % 5 == 0 && !damages) {
      declared.everyone_receives = false;
    }
    if (seed % 7 == 0) {
      declared.warm_up /= 4;
      declared.deadline = std::chrono::seconds(2);
      declared.echo_allowed = false;
    }
    const auto together = drained_together(run.trace);
    const auto oracle = by_oracle(together, declared);
    const auto live = by_live_ledger(together, declared);
    compare(live, oracle, how, planted);
    if (!damages) {
      EXPECT_EQ(live.totals.broadcast, oracle.totals.broadcast);
    }
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
    broadcast += live.totals.broadcast;
    missed += live.totals.missed_in_warm_up;
  }
  EXPECT_GT(broadcast, 1'000U);
  EXPECT_GT(missed, 100U);
}

std::string fault_name(const testing::TestParamInfo<fault>& of) {
  constexpr std::array<const char*, 12> names = {"nothing",     "loss",         "duplicate",   "misroute",
                                                 "replay",      "reorder",      "corrupt",     "phantom",
                                                 "missing_row", "repeated_row", "refused_row", "refused_frame"};
  return names.at(static_cast<std::size_t>(of.param));
}

INSTANTIATE_TEST_SUITE_P(Faults, Oracle,
                         testing::Values(fault::none, fault::loss, fault::duplicate, fault::misroute, fault::replay,
                                         fault::reorder, fault::corrupt, fault::phantom, fault::missing_row,
                                         fault::repeated_row, fault::refused_row, fault::refused_frame),
                         fault_name);

}  // namespace
}  // namespace ledger

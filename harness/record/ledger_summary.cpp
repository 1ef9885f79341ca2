#include "harness/record/ledger_summary.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace record {

std::vector<std::pair<std::string, std::uint64_t>> named_counts(const ledger::counts& c) {
  std::vector<std::pair<std::string, std::uint64_t>> out = {
      {"sent", c.sent},
      {"acked", c.acked},
      {"acked_by_retry", c.acked_by_retry},
      {"refused", c.refused},
      {"unknown", c.unknown},
      {"fences", c.fences},
      {"owed", c.owed},
      {"delivered", c.delivered},
      {"uncertain", c.uncertain},
      {"announced", c.announced},
      {"missed_in_warm_up", c.missed_in_warm_up},
      {"at_most_once", c.at_most_once},
      {"forbidden_checked", c.forbidden_checked},
      {"forbidden_unproven", c.forbidden_unproven},
      {"frames", c.frames},
      {"foreign", c.foreign},
      {"broadcast", c.broadcast},
      {"walks", c.walks},
      {"in_history_checked", c.in_history_checked},
      {"in_history_unjudged", c.in_history_unjudged},
  };
  for (const auto basis : {ledger::order_basis::id, ledger::order_basis::history, ledger::order_basis::sequence}) {
    out.emplace_back("ordered_by_" + std::string(name(basis)), c.ordered_by[static_cast<std::size_t>(basis)]);
  }
  return out;
}

ledger_summary summarise(const ledger::verdict& of, const ledger::trace& in, std::string_view trace_file) {
  ledger_summary out;
  out.counts = named_counts(of.counts);
  for (const auto& one : of.findings) {
    finding shown;
    shown.kind = name(one.kind);
    shown.sentence = sentence(one, in);
    if (one.message) {
      const auto& key = in.key(*one.message);
      shown.message = {std::string(in.name(key.chat)), std::string(in.name(key.sender)), key.sequence};
    }
    if (one.user) {
      shown.user = in.name(*one.user);
    }
    if (one.socket) {
      shown.socket = static_cast<std::uint32_t>(*one.socket);
    }
    shown.at = std::chrono::duration<double>(one.at).count();
    shown.proof.assign(one.proof.begin(), one.proof.end());
    shown.trace = trace_file;
    out.findings.push_back(std::move(shown));
  }
  return out;
}

void add(ledger_summary& sum, const ledger_summary& more) {
  for (const auto& [what, number] : more.counts) {
    const auto found = std::find_if(sum.counts.begin(), sum.counts.end(),
                                    [&wanted = what](const auto& one) { return one.first == wanted; });
    if (found == sum.counts.end()) {
      sum.counts.emplace_back(what, number);
    } else {
      found->second += number;
    }
  }
  std::copy(more.findings.begin(), more.findings.end(), std::back_inserter(sum.findings));
}

}  // namespace record

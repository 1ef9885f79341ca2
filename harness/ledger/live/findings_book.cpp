#include "harness/ledger/live/findings_book.hpp"

#include <algorithm>
#include <utility>

namespace ledger::live {
namespace {

constexpr std::uint64_t in_history = 0xffff'ffff;

// Of what a finding is about. Two that fall together among thousands would cost one count.
std::uint64_t digest(finding_class kind, const message_key& message, std::uint64_t socket) {
  // Each part is mixed in before the next one comes: class 1 in chat 4 is not class 4 in chat 1.
  std::uint64_t hash = 0;
  for (const std::uint64_t part :
       {static_cast<std::uint64_t>(kind), static_cast<std::uint64_t>(message.chat),
        static_cast<std::uint64_t>(message.sender), std::uint64_t{message.sequence}, socket}) {
    hash = (hash + part + 0x9e3779b97f4a7c15U) * 0xff51afd7ed558ccdU;
    hash ^= hash >> 32U;
  }
  return hash;
}

}  // namespace

bool findings_book::is_new(std::uint64_t what) {
  if (reported_before_.contains(what)) {
    return false;
  }
  if (reported_.size() >= remembered) {
    reported_before_ = std::exchange(reported_, {});
  }
  return reported_.insert(what).second;
}

void findings_book::add(const live_finding& found) {
  if (!is_new(digest(found.kind, found.message, found.socket ? *found.socket : in_history))) {
    return;
  }
  const auto kind = static_cast<std::size_t>(found.kind);
  ++counts_.findings[kind];
  if (kept_[kind] < limits_.findings) {
    ++kept_[kind];
    findings_.push_back(found);
    news_.push_back(found);
  }
}

void findings_book::take_back(finding_class kind, const message_key& message, std::uint32_t socket) {
  const auto what = digest(kind, message, socket);
  reported_.erase(what);
  reported_before_.erase(what);
  --counts_.findings[static_cast<std::size_t>(kind)];
  const auto found = std::find_if(findings_.begin(), findings_.end(), [&](const live_finding& one) {
    return one.kind == kind && one.message == message && one.socket == socket;
  });
  if (found != findings_.end()) {
    findings_.erase(found);
    --kept_[static_cast<std::size_t>(kind)];
  }
}

void findings_book::add_uncertain(const live_question& open) {
  ++counts_.totals.uncertain;
  if (uncertain_.size() < limits_.questions) {
    uncertain_.push_back(open);
  }
}

void findings_book::add_announced(const live_question& open) {
  ++counts_.totals.announced;
  if (announced_.size() < limits_.questions) {
    announced_.push_back(open);
  }
}

void findings_book::add_missed_in_warm_up(const live_question& open) {
  ++counts_.totals.missed_in_warm_up;
  if (missed_in_warm_up_.size() < limits_.questions) {
    missed_in_warm_up_.push_back(open);
  }
}

void findings_book::take_back_missed_in_warm_up(const live_question& open) {
  --counts_.totals.missed_in_warm_up;
  std::erase(missed_in_warm_up_, open);
}

}  // namespace ledger::live

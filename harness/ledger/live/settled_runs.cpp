#include "harness/ledger/live/settled_runs.hpp"

#include <algorithm>

namespace ledger::live {
namespace {

bool counts_as_acked(remains kind) {
  return kind == remains::nothing || kind == remains::missed || kind == remains::forgotten;
}

}  // namespace

std::vector<settled_runs::run>::iterator settled_runs::at_or_after(std::uint32_t sequence) {
  return std::lower_bound(runs_.begin(), runs_.end(), sequence,
                          [](const run& one, std::uint32_t wanted) { return one.last < wanted; });
}

void settled_runs::add(std::uint32_t sequence, remains kind) {
  remove(sequence);
  if (kind == remains::nothing) {
    return;
  }
  not_acked_ += counts_as_acked(kind) ? 0 : 1;
  const auto next = at_or_after(sequence);
  const bool joins_next = next != runs_.end() && next->first == sequence + 1 && next->kind == kind;
  const auto before = next == runs_.begin() ? runs_.end() : next - 1;
  const bool joins_before = before != runs_.end() && before->last + 1 == sequence && before->kind == kind;
  if (joins_before && joins_next) {
    before->last = next->last;
    runs_.erase(next);
  } else if (joins_before) {
    before->last = sequence;
  } else if (joins_next) {
    next->first = sequence;
  } else {
    runs_.insert(next, {sequence, sequence, kind});
  }
}

void settled_runs::remove(std::uint32_t sequence) {
  const auto found = at_or_after(sequence);
  if (found == runs_.end() || found->first > sequence) {
    return;
  }
  not_acked_ -= counts_as_acked(found->kind) ? 0 : 1;
  const auto whole = *found;
  if (whole.first == whole.last) {
    runs_.erase(found);
  } else if (sequence == whole.first) {
    ++found->first;
  } else if (sequence == whole.last) {
    --found->last;
  } else {
    found->last = sequence - 1;
    runs_.insert(found + 1, {sequence + 1, whole.last, whole.kind});
  }
}

remains settled_runs::of(std::uint32_t sequence) const {
  const auto found = std::lower_bound(runs_.begin(), runs_.end(), sequence,
                                      [](const run& one, std::uint32_t wanted) { return one.last < wanted; });
  return found == runs_.end() || found->first > sequence ? remains::nothing : found->kind;
}

}  // namespace ledger::live

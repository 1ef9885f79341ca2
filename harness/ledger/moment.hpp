// A point in a trace: a time, and among events of the same time their place. Everything that is "before" or "after" in
// the rules compares moments; only deadlines and the settle time look at the clock alone.
#pragma once

#include "harness/ledger/event.hpp"

#include <compare>
#include <cstddef>

namespace ledger {

struct moment {
  instant at{};
  std::size_t place = 0;  // index in trace::events()
  friend auto operator<=>(const moment&, const moment&) = default;
};

// later > earlier + margin. Without a margin the place decides between equal times; with one, equal is not after.
inline bool after_by(const moment& later, const moment& earlier, instant margin) {
  return margin.count() == 0 ? later > earlier : later.at > earlier.at + margin;
}

}  // namespace ledger

// What must be remembered of the settled messages of one direction: those that were not simply acknowledged, as runs of
// neighbours with the same fate. 12 bytes a run; a run may be one message or a million. Owned by its direction.
#pragma once

#include <cstdint>
#include <vector>

namespace ledger::live {

enum class remains : std::uint8_t {
  nothing,            // acknowledged: the usual case takes no memory
  refused,            // every POST was
  unknown,            // and never seen on a socket
  unknown_delivered,  // but seen on a socket of its recipient
  missed,             // acknowledged and never seen, where missed messages are replayed
  forgotten           // acknowledged, given up for lack of memory: its frames are no longer judged
};

class settled_runs {
 public:
  void add(std::uint32_t sequence, remains kind);
  void remove(std::uint32_t sequence);
  remains of(std::uint32_t sequence) const;

  std::uint32_t not_acked() const { return not_acked_; }
  std::size_t runs() const { return runs_.size(); }

 private:
  struct run {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    remains kind{};
  };
  std::vector<run>::iterator at_or_after(std::uint32_t sequence);  // the first run that does not end before it

  std::vector<run> runs_;  // ascending, disjoint
  std::uint32_t not_acked_ = 0;
};

}  // namespace ledger::live

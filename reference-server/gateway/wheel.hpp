// One coarse clock for all sockets: each has at most one moment when it wants to be looked at. No I/O; a tick is a
// tenth of a second. Owned by the sockets, on the loop's thread. Setting, moving and clearing cost the same few steps
// however many there are.
#pragma once

#include "reference-server/gateway/backlog.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace gateway {

class wheel {
 public:
  wheel() { buckets_.fill(none); }

  // Look at this place when `due` has come; replaces what was set before. A moment that has passed means the next turn.
  void set(std::uint32_t place, tick due);
  void clear(std::uint32_t place);
  // The moment that is set, or 0 when none is.
  tick due(std::uint32_t place) const { return place < nodes_.size() && nodes_[place].set ? nodes_[place].due : 0; }
  tick now() const { return now_; }

  // One tick passes: calls with each place that is due; it is cleared before. The call may set and clear any place.
  template <class Call>
  void turn(Call call) {
    ++now_;
    due_now_.clear();
    for (auto place = buckets_[now_ % size]; place != none; place = nodes_[place].next) {
      if (nodes_[place].due <= now_) due_now_.push_back(place);
    }
    for (const auto place : due_now_) {
      if (!nodes_[place].set || nodes_[place].due > now_) continue;  // an earlier call changed it
      clear(place);
      call(place);
    }
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr tick size = 512;
  struct node {
    tick due = 0;
    std::uint32_t next = none, previous = none;
    bool set = false;
  };
  tick now_ = 0;
  std::array<std::uint32_t, size> buckets_;
  std::vector<node> nodes_;  // by place
  std::vector<std::uint32_t> due_now_;
};

}  // namespace gateway

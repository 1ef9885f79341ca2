#include "reference-server/gateway/wheel.hpp"

#include <algorithm>

namespace gateway {

void wheel::set(std::uint32_t place, tick due) {
  if (place >= nodes_.size()) nodes_.resize(place + 1);
  clear(place);
  node& n = nodes_[place];
  n.due = std::max(due, now_ + 1);
  n.set = true;
  auto& first = buckets_[n.due % size];
  n.previous = none;
  n.next = first;
  if (first != none) nodes_[first].previous = place;
  first = place;
}

void wheel::clear(std::uint32_t place) {
  if (place >= nodes_.size() || !nodes_[place].set) return;
  node& n = nodes_[place];
  (n.previous == none ? buckets_[n.due % size] : nodes_[n.previous].next) = n.next;
  if (n.next != none) nodes_[n.next].previous = n.previous;
  n.set = false;
}

}  // namespace gateway

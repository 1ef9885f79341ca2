#include "harness/ledger/live/socket_table.hpp"

#include <stdexcept>

namespace ledger::live {

std::uint32_t socket_table::start(user_id user, const moment& now) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(sockets_.size()));
    sockets_.emplace_back();
  }
  const auto slot = free_.back();
  free_.pop_back();
  open_socket fresh;
  fresh.user = user;
  fresh.number = started_++;
  fresh.generation = sockets_[slot].generation;
  fresh.started = now;
  fresh.gone = false;
  sockets_[slot] = fresh;
  return slot;
}

void socket_table::gone(std::uint32_t slot) {
  sockets_[slot].gone = true;
  reuse(slot);
}

void socket_table::release(std::uint32_t slot) {
  --sockets_[slot].references;
  reuse(slot);
}

void socket_table::reuse(std::uint32_t slot) {
  auto& one = sockets_[slot];
  if (one.gone && one.references == 0) {
    ++one.generation;
    free_.push_back(slot);
  }
}

open_socket& socket_table::at(std::uint32_t slot, std::uint32_t generation) {
  if (slot >= sockets_.size() || sockets_[slot].generation != generation || sockets_[slot].gone) {
    throw std::out_of_range("this handle of a socket is over");
  }
  return sockets_[slot];
}

}  // namespace ledger::live

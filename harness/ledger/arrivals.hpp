// Every frame of a trace as the arrival of a message, and what could not be one: phantoms, strangers' text, damage.
//
// Built once from a trace and what is known about its messages; then read-only. Any thread.
#pragma once

#include "harness/ledger/identity.hpp"
#include "harness/ledger/message_life.hpp"
#include "harness/ledger/moment.hpp"
#include "harness/ledger/verdict.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace ledger {

struct arrival {
  message_id message{};
  socket_id socket{};
  moment at;
  bool certain = false;  // see identity
};

class arrivals {
 public:
  arrivals(const trace& of, const message_table& messages, const identities& known);

  std::span<const arrival> in_time() const { return in_time_; }
  std::span<const arrival> by_message() const { return by_message_; }  // by message, socket, time
  std::span<const arrival> of(message_id message) const;
  std::span<const arrival> of(message_id message, socket_id socket) const;

  const std::vector<finding>& findings() const { return findings_; }  // phantom and corrupted
  std::uint64_t frames() const { return frames_; }
  std::uint64_t foreign() const { return foreign_; }

 private:
  std::vector<arrival> in_time_;
  std::vector<arrival> by_message_;
  std::vector<finding> findings_;
  std::uint64_t frames_ = 0;
  std::uint64_t foreign_ = 0;
};

}  // namespace ledger

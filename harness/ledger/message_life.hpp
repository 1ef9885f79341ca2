// What became of the POSTs of every message of a trace.
//
// Built once from a trace, which must outlive it (ids are views into it); then read-only. Any thread.
#pragma once

#include "harness/ledger/moment.hpp"
#include "harness/ledger/trace.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ledger {

enum class fate : std::uint8_t {
  never_sent,  // only a tag somewhere mentions it
  acked,       // any attempt was
  refused,     // every attempt was
  unknown      // neither
};

struct message_life {
  message_key key;
  std::optional<moment> sent;  // the first attempt
  user_id recipient{};
  bool is_fence = false;
  std::optional<moment> acked;        // the earliest acknowledgement
  std::optional<moment> acked_first;  // the acknowledgement of attempt 1: only such a message is owed
  std::optional<moment> refused;      // the latest refusal
  std::uint32_t posts = 0;
  std::uint32_t refusals = 0;
  std::string_view server_id;  // from the earliest acknowledgement that names one

  ledger::fate fate() const;
};

class message_table {
 public:
  explicit message_table(const trace& of);

  std::size_t size() const { return lives_.size(); }
  const message_life& of(message_id message) const { return lives_.at(static_cast<std::size_t>(message)); }

 private:
  std::vector<message_life> lives_;
};

}  // namespace ledger

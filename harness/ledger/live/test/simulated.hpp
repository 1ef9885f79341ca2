// Simulated runs for the tests of the live ledger: which variant a seed has, and who is in which chat. For tests only.
#pragma once

#include "harness/ledger/live/test/replayed_trace.hpp"
#include "harness/ledger/test/simulator.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace ledger {

inline variant variant_of(std::uint64_t seed) {
  variant how;
  how.churn = seed % 3 != 0;
  how.sleeps = seed % 5 == 1;
  how.echo = seed % 7 == 2;
  how.numbered = seed % 4 != 1;
  how.replays = seed % 13 == 4;
  how.patient = seed % 4 != 3;
  return how;
}

// The simulator calls a chat "A+B" and a user "userA".
inline chat_members members_of(const trace& of) {
  const auto user = [&](const std::string& number) {
    const auto found = std::find(of.users().begin(), of.users().end(), "user" + number);
    return user_id{static_cast<std::uint32_t>(found - of.users().begin())};
  };
  chat_members out;
  for (const auto& name : of.chats()) {
    const auto plus = name.find('+');
    out.emplace_back(user(name.substr(0, plus)), user(name.substr(plus + 1)));
  }
  return out;
}

inline live_range range_of(const trace& of) {
  return {0, static_cast<std::uint32_t>(of.users().size()), 0, static_cast<std::uint32_t>(of.chats().size())};
}

}  // namespace ledger

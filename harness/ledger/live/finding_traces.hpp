// The events around each finding that is kept: those of its chat from 5 s before it to 5 s after, and all that is left
// of its message and of the sockets concerned, ready to be written out and judged again.
//
// Owned by one live ledger. Memory: at most `most_events` for each finding and `most_in_all` for all of them, 48 bytes
// each; what does not fit is left out, the finding's own message last.
#pragma once

#include "harness/ledger/live/live_finding.hpp"
#include "harness/ledger/live/recent_events.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ledger::live {

// A socket that is open when a finding is written down.
struct standing_socket {
  std::uint32_t number = 0;
  user_id user{};
  instant started{};
  std::optional<instant> ready;
};

// How numbers are called in a trace, and to whom a message goes (nothing: it is none of ours).
struct trace_names {
  std::function<std::string(user_id)> user;
  std::function<std::string(chat_id)> chat;
  std::function<std::optional<user_id>(const message_key&)> recipient;
};

class finding_traces {
 public:
  static constexpr instant before = std::chrono::seconds(5);
  static constexpr instant after = std::chrono::seconds(5);
  static constexpr std::size_t most_events = 1'000;
  static constexpr std::size_t most_in_all = 200'000;

  // The open sockets of a user.
  using sockets_of = std::function<void(user_id, std::vector<standing_socket>&)>;

  // `members`: of the finding's chat, as far as known.
  void watch(const live_finding& found, const std::vector<user_id>& members, instant now);
  bool is_due(instant now) const { return !watched_.empty() && watched_.front().until <= now; }
  // Takes what is due at `now` out of the recent events.
  void take(const recent_events& from, instant now, const sockets_of& open);

  // Nothing: the finding was not kept, or nothing was left of its events.
  std::optional<trace> of(const live_finding& found, const std::string& run, const trace_names& named) const;

 private:
  struct story {
    live_finding found;
    std::vector<user_id> users;  // members, and whose socket it was
    instant until{};
    std::vector<raw_event> events;
    std::vector<standing_socket> open;
  };

  bool concerns(const story& one, const raw_event& happened) const;

  std::deque<story> watched_;
  std::vector<story> told_;
  std::size_t taken_ = 0;
};

}  // namespace ledger::live

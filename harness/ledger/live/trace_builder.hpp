// Makes a trace of the raw events around a finding, such that the oracle can judge it again.
//
// What lies before the first event is put in front of it: sockets that were open, and the finding's own messages when
// their POST has long left the ring; those count as acknowledged then (or as refused, when that is the finding). Frames
// and rows of other messages whose POST is not among the events are left out. Used once, for one trace.
#pragma once

#include "harness/ledger/live/finding_traces.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ledger::live {

class trace_builder {
 public:
  // The names must outlive the builder.
  trace_builder(const std::string& run, const trace_names& named) : out_(run), named_(named) {}

  trace build(const live_finding& found, const std::vector<raw_event>& events,
              const std::vector<standing_socket>& open);

 private:
  void stand_sockets(const std::vector<raw_event>& events, const std::vector<standing_socket>& open);
  void start(std::uint32_t number, user_id user, instant started, std::optional<instant> ready);
  void recall_messages(const live_finding& found);
  void tell(const raw_event& one);
  void tell_drain(const raw_event& one);

  user_id user(user_id number) { return out_.user(named_.user(number)); }
  chat_id chat(chat_id number) { return out_.chat(named_.chat(number)); }
  // The trace has its POST, or it never had one.
  bool is_told(const raw_event& one) const { return one.unsent || sent_.contains(one.message()); }
  message_id message(const message_key& key);
  static std::string id(const raw_event& one);
  static content kind(const raw_event& one) { return one.good ? content::tagged : content::damaged; }

  trace out_;
  const trace_names& named_;
  std::map<std::uint32_t, socket_id> sockets_;
  std::set<std::uint32_t> open_;
  std::map<std::uint32_t, sweep_id> walks_;
  std::set<message_key> sent_;        // in the trace
  std::set<message_key> never_sent_;  // phantoms
  instant begin_{};
};

}  // namespace ledger::live

#include "harness/ledger/live/finding_traces.hpp"

#include "harness/ledger/live/trace_builder.hpp"

#include <algorithm>

namespace ledger::live {

void finding_traces::watch(const live_finding& found, const std::vector<user_id>& members, instant now) {
  story one;
  one.found = found;
  one.users = members;
  if (found.user) {
    one.users.push_back(*found.user);
  }
  one.until = now + after;
  watched_.push_back(std::move(one));
}

bool finding_traces::concerns(const story& one, const raw_event& happened) const {
  using sort = raw_event::sort;
  const bool in_time = happened.at >= one.found.at - before && happened.at <= one.until;
  switch (happened.what) {
    case sort::started:
    case sort::ready:
    case sort::ended:
      return std::find(one.users.begin(), one.users.end(), user_id{happened.user}) != one.users.end();
    case sort::drained:
    case sort::drained_last:
      return in_time;
    default:
      return in_time && chat_id{happened.chat} == one.found.message.chat;
  }
}

void finding_traces::take(const recent_events& from, instant now, const sockets_of& open) {
  while (is_due(now)) {
    auto one = std::move(watched_.front());
    watched_.pop_front();
    std::size_t others = 0;
    from.each([&](const raw_event& happened) {
      const auto message = happened.message();
      const bool own = happened.sequence != 0 && (message == one.found.message || message == one.found.other);
      const bool fits = others < most_events && taken_ + one.events.size() < most_in_all;
      if ((own && one.events.size() < 2 * most_events) || (fits && concerns(one, happened))) {
        one.events.push_back(happened);
        others += own ? 0 : 1;
      }
    });
    std::sort(one.users.begin(), one.users.end());
    one.users.erase(std::unique(one.users.begin(), one.users.end()), one.users.end());
    for (const auto user : one.users) {
      open(user, one.open);
    }
    one.events.shrink_to_fit();
    taken_ += one.events.size();
    told_.push_back(std::move(one));
  }
}

std::optional<trace> finding_traces::of(const live_finding& found, const std::string& run,
                                        const trace_names& named) const {
  const auto one = std::find_if(told_.begin(), told_.end(), [&](const story& told) { return told.found == found; });
  if (one == told_.end() || one->events.empty()) {
    return std::nullopt;
  }
  return trace_builder(run, named).build(one->found, one->events, one->open);
}

}  // namespace ledger::live

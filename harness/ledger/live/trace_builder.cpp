#include "harness/ledger/live/trace_builder.hpp"

#include <algorithm>

namespace ledger::live {

using sort = raw_event::sort;

trace trace_builder::build(const live_finding& found, const std::vector<raw_event>& events,
                           const std::vector<standing_socket>& open) {
  begin_ = events.front().at;
  for (const auto& one : events) {
    if (one.what == sort::sent && one.attempt == 1) {
      sent_.insert(one.message());
    } else if (one.unsent) {
      never_sent_.insert(one.message());
    }
  }
  stand_sockets(events, open);
  recall_messages(found);
  for (const auto& one : events) {
    tell(one);
  }
  return std::move(out_);
}

void trace_builder::start(std::uint32_t number, user_id of, instant started, std::optional<instant> ready) {
  const auto socket = out_.socket_started(started, user(of));
  sockets_[number] = socket;
  open_.insert(number);
  if (ready) {
    out_.socket_ready(*ready, socket);
  }
}

// Those whose start is not among the events.
void trace_builder::stand_sockets(const std::vector<raw_event>& events, const std::vector<standing_socket>& open) {
  std::set<std::uint32_t> starts;
  std::set<std::uint32_t> readies;
  for (const auto& one : events) {
    if (one.what == sort::started) {
      starts.insert(one.subject);
    } else if (one.what == sort::ready) {
      readies.insert(one.subject);
    }
  }
  for (const auto& one : open) {
    if (starts.insert(one.number).second) {
      const bool is_told = readies.contains(one.number);
      start(one.number, one.user, one.started, is_told ? std::nullopt : one.ready);
    }
  }
  for (const auto& one : events) {
    const bool of_socket = one.what == sort::ready || one.what == sort::ended || one.what == sort::frame;
    if (of_socket && starts.insert(one.subject).second) {
      const bool is_told = readies.contains(one.subject);
      start(one.subject, user_id{one.user}, begin_, is_told ? std::nullopt : std::optional(begin_));
    }
  }
}

void trace_builder::recall_messages(const live_finding& found) {
  for (const auto& key : {std::optional(found.message), found.other}) {
    if (!key || key->sequence == 0 || never_sent_.contains(*key) || !named_.recipient(*key) ||
        !sent_.insert(*key).second) {
      continue;
    }
    const bool was_refused =
        found.kind == finding_class::refused_but_delivered || found.kind == finding_class::refused_but_stored;
    const auto named = message(*key);
    out_.sent(begin_, named, user(*named_.recipient(*key)));
    out_.answered(begin_, named, was_refused ? outcome::refused : outcome::acked, 0, "");
  }
}

message_id trace_builder::message(const message_key& key) {
  return out_.message({chat(key.chat), user(key.sender), key.sequence});
}

std::string trace_builder::id(const raw_event& one) {
  return !one.id_known ? "" : one.id_ordered ? std::to_string(one.id) : "text-" + std::to_string(one.id);
}

void trace_builder::tell(const raw_event& one) {
  switch (one.what) {
    case sort::sent:
      if (sent_.contains(one.message())) {
        out_.sent(one.at, message(one.message()), user(user_id{one.user}), one.attempt);
      }
      return;
    case sort::answered:
      if (sent_.contains(one.message())) {
        out_.answered(one.at, message(one.message()), static_cast<outcome>(one.detail), 0, id(one), one.attempt);
      }
      return;
    case sort::started:
      if (!sockets_.contains(one.subject)) {
        start(one.subject, user_id{one.user}, one.at, std::nullopt);
      }
      return;
    case sort::ready:
      out_.socket_ready(one.at, sockets_.at(one.subject));
      return;
    case sort::ended:
      out_.socket_ended(one.at, sockets_.at(one.subject), static_cast<ending>(one.detail), one.code);
      open_.erase(one.subject);
      return;
    case sort::frame:
      if (is_told(one)) {
        out_.frame(one.at, sockets_.at(one.subject), id(one), {kind(one), message(one.message())});
      }
      return;
    case sort::drained:
    case sort::drained_last:
      tell_drain(one);
      return;
    case sort::walk_begun:
      walks_[one.subject] = out_.sweep_begun(one.at, user(user_id{one.user}), chat(chat_id{one.chat}), one.good);
      return;
    case sort::row:
      if (const auto walk = walks_.find(one.subject); walk != walks_.end() && is_told(one)) {
        out_.sweep_row(one.at, walk->second, id(one), {kind(one), message(one.message())});
      }
      return;
    case sort::walk_completed:
      if (const auto walk = walks_.find(one.subject); walk != walks_.end()) {
        out_.sweep_completed(one.at, walk->second);
      }
      return;
  }
}

void trace_builder::tell_drain(const raw_event& one) {
  for (const auto number : open_) {
    out_.drained(one.at, sockets_.at(number), one.what == sort::drained_last);
  }
}

}  // namespace ledger::live

#include "conformance/runner/circumstance.hpp"

#include <algorithm>

namespace conformance {

using ledger::finding_class;

surroundings::surroundings(const ledger::trace& of)
    : trace_(of), sockets_(of.socket_count()), messages_(of.messages().size()) {
  const auto socket_of = [&](ledger::socket_id id) -> socket& { return sockets_[static_cast<std::size_t>(id)]; };
  const auto message_of = [&](ledger::message_id id) -> message& { return messages_[static_cast<std::size_t>(id)]; };
  for (const auto& event : of.events()) {
    if (const auto* sent = std::get_if<ledger::sent>(&event)) {
      auto& into = message_of(sent->message).sent;
      if (!into) into = sent->at;
      contacts_.emplace(of.key(sent->message).sender, sent->recipient);
      contacts_.emplace(sent->recipient, of.key(sent->message).sender);
    } else if (const auto* answered = std::get_if<ledger::answered>(&event)) {
      auto& into = message_of(answered->message).acked;
      if (!into && answered->result == ledger::outcome::acked) into = answered->at;
    } else if (const auto* started = std::get_if<ledger::socket_started>(&event)) {
      socket_of(started->socket).user = started->user;
      socket_of(started->socket).started = started->at;
    } else if (const auto* ready = std::get_if<ledger::socket_ready>(&event)) {
      socket_of(ready->socket).ready = ready->at;
    } else if (const auto* ended = std::get_if<ledger::socket_ended>(&event)) {
      auto& into = socket_of(ended->socket);
      if (into.ended) continue;
      into.ended = ended->at;
      into.how = ended->how;
    } else if (const auto* frame = std::get_if<ledger::frame>(&event)) {
      if (frame->message) socket_of(frame->socket).arrivals.emplace_back(*frame->message, frame->at);
    }
  }
}

std::vector<const surroundings::socket*> surroundings::others(const socket& one) const {
  std::vector<const socket*> all;
  for (const auto& each : sockets_) {
    if (&each != &one && each.user == one.user && each.ready) all.push_back(&each);
  }
  return all;
}

circumstance surroundings::beside_others(const message& what, const socket& on) const {
  const socket* before = nullptr;
  for (const socket* each : others(on)) {
    const bool ended = what.sent && each->ended && *each->ended <= *what.sent;
    if (!ended && what.sent && *each->ready <= *what.sent) return circumstance::many_devices;
    if (ended && each->started < on.started && (before == nullptr || before->started < each->started)) before = each;
  }
  if (before == nullptr) return circumstance::any;
  return before->how == ledger::ending::failed ? circumstance::after_abort : circumstance::after_reconnect;
}

circumstance surroundings::of_loss(const message& what, const socket& on) const {
  if (const auto found = beside_others(what, on); found != circumstance::any) return found;
  const bool early = !on.arrivals.empty() && what.sent && *what.sent < on.arrivals.front().second;
  return early ? circumstance::right_after_ready : circumstance::any;
}

circumstance surroundings::of_replay(ledger::message_id id, const socket& on) const {
  const message& what = at(id);
  bool connected_between = false;
  for (const socket* each : others(on)) {
    const auto came = std::ranges::find(each->arrivals, id, &std::pair<ledger::message_id, ledger::instant>::first);
    const bool delivered = came != each->arrivals.end() && came->second <= on.started;
    const bool under_way = what.sent && *each->ready <= *what.sent && (!each->ended || *what.sent <= *each->ended);
    if (delivered || under_way) return circumstance::around_a_disconnect;
    const bool since = what.sent && *each->ready > *what.sent && each->started < on.started;
    connected_between = connected_between || since;
  }
  return connected_between ? circumstance::missed_long_before : circumstance::missed_before_connecting;
}

circumstance surroundings::of(const ledger::finding& found) const {
  if (found.kind == finding_class::corrupted) {
    return found.socket ? circumstance::on_socket : circumstance::in_history;
  }
  if (!found.message) return circumstance::any;
  if (found.kind == finding_class::reordered && found.other) {
    const auto acked = at(*found.message).acked;
    const auto sent = at(*found.other).sent;
    return acked && sent && *acked < *sent ? circumstance::one_after_another : circumstance::in_flight_together;
  }
  if (!found.socket) return circumstance::any;
  const socket& on = at(*found.socket);
  const auto sender = trace_.key(*found.message).sender;
  switch (found.kind) {
    case finding_class::lost:
      return of_loss(at(*found.message), on);
    case finding_class::duplicated:
      return beside_others(at(*found.message), on);
    case finding_class::replayed:
      return of_replay(*found.message, on);
    case finding_class::misrouted:
      if (on.user == sender) return circumstance::to_the_sender;
      return contacts_.contains({sender, on.user}) ? circumstance::to_a_contact : circumstance::any;
    default:
      return circumstance::any;
  }
}

}  // namespace conformance

#include "harness/ledger/delivery.hpp"

#include "harness/ledger/report.hpp"

#include <algorithm>

namespace ledger {

delivery::delivery(const case_file& known, verdict& out) : known_(known), out_(out) {
  for (const auto& one : known_.seen.in_time()) {
    const auto& life = known_.messages.of(one.message);
    if (!one.certain || known_.sockets.of(one.socket).user != life.recipient) {
      continue;
    }
    auto& slot = latest_[{one.socket, life.key.chat}];
    if (!slot.by_time || *known_.messages.of(slot.by_time->message).sent < *life.sent) {
      slot.by_time = one;
    }
    const bool total = known_.order.basis(life.key.chat) != order_basis::sequence;
    if (total && known_.order.placed(one.message) &&
        (!slot.by_order || known_.order.before(slot.by_order->message, one.message))) {
      slot.by_order = one;
    }
  }
}

void delivery::judge(message_id message) {
  const auto& life = known_.messages.of(message);
  if (life.fate() == fate::never_sent || life.fate() == fate::refused) {
    return;
  }
  const auto replay = replay_socket(message);
  for (const auto socket : known_.sockets.sockets_of(life.recipient)) {
    judge(message, socket, replay);
  }
}

void delivery::judge(message_id message, socket_id socket, const std::optional<socket_id>& replay) {
  const auto& life = known_.messages.of(message);
  const auto& on = known_.sockets.of(socket);
  const bool discards = known_.declared.offline == offline_policy::discard;
  const auto came = known_.seen.of(message, socket);
  if ((discards && known_.settled_before(life, on)) || (on.gone_by(*life.sent) && came.empty())) {
    return;  // forbidden, or it was over before the message began
  }
  auto debt_of = owed(life, on);
  if (replay == socket) {
    debt_of = debt{*on.ready, false};
  }
  if (!debt_of) {
    ++out_.counts.at_most_once;
  } else if (came.empty()) {
    judge_missing(message, socket, *debt_of);
  } else {
    judge_arrived(message, socket, *debt_of, came.front().at);
  }
}

std::optional<delivery::debt> delivery::owed(const message_life& life, const socket_life& socket) const {
  const bool was_ready = socket.ready && *socket.ready < *life.sent && !socket.gone_by(*life.sent);
  if (!was_ready || !life.acked_first) {
    return std::nullopt;
  }
  return debt{*life.acked_first, true};
}

void delivery::judge_arrived(message_id message, socket_id socket, const debt& owed, const moment& arrived) {
  ++out_.counts.owed;
  ++out_.counts.delivered;
  if (known_.in_warm_up(known_.messages.of(message), known_.sockets.of(socket))) {
    return;
  }
  const auto due = owed.since.at + known_.declared.deadline;
  for (const auto& drain : known_.sockets.of(socket).drains) {
    if (drain.at.at >= due && drain.at < arrived) {
      report(out_, finding_about(known_, finding_class::late, message, socket), {owed.since, drain.at, arrived});
      return;
    }
  }
}

void delivery::judge_missing(message_id message, socket_id socket, const debt& owed) {
  const auto& life = known_.messages.of(message);
  const auto& on = known_.sockets.of(socket);
  const auto due = owed.since.at + known_.declared.deadline;
  const auto still_ready = on.ready_at(due, owed.since);
  const auto& codes = known_.declared.announcing_close_codes;
  const bool announces = on.ended && on.how == ending::closed_by_peer &&
                         std::find(codes.begin(), codes.end(), on.close_code) != codes.end();
  if (announces && !still_ready) {
    // A close that we read after the deadline may have come before it, as long as no drain says otherwise.
    const bool in_time = on.ended->at <= due;
    ++(in_time ? out_.counts.announced : out_.counts.uncertain);
    (in_time ? out_.announced : out_.uncertain).push_back({message, socket});
    return;
  }
  if (known_.in_warm_up(life, on)) {
    ++out_.counts.missed_in_warm_up;
    out_.missed_in_warm_up.push_back({message, socket});
    return;
  }
  const bool by_later = owed.in_order && known_.declared.later_message_proves_loss;
  auto by_order = by_later ? lost_by_order(message, socket) : std::nullopt;
  if (by_order) {
    ++out_.counts.owed;
    out_.findings.push_back(std::move(*by_order));
  } else if (still_ready) {
    ++out_.counts.owed;
    report(out_, finding_about(known_, finding_class::lost, message, socket),
           {*on.ready, *life.sent, *life.acked_first, *still_ready});
  } else {
    ++out_.counts.uncertain;
    out_.uncertain.push_back({message, socket});
  }
}

std::optional<finding> delivery::lost_by_order(message_id message, socket_id socket) const {
  const auto& life = known_.messages.of(message);
  const auto found = latest_.find({socket, life.key.chat});
  if (found == latest_.end()) {
    return std::nullopt;
  }
  const auto& [by_time, by_order] = found->second;
  auto lost = finding_about(known_, finding_class::lost, message, socket);
  std::vector<moment> proof{*known_.sockets.of(socket).ready, *life.sent, *life.acked_first};
  if (by_time && *known_.messages.of(by_time->message).sent > *life.acked_first) {
    lost.other = by_time->message;
    proof.push_back(*known_.messages.of(by_time->message).sent);
    proof.push_back(by_time->at);
  } else if (by_order && known_.order.before(message, by_order->message)) {
    lost.other = by_order->message;
    lost.basis = known_.order.basis(life.key.chat);
    proof.push_back(by_order->at);
  } else {
    return std::nullopt;
  }
  return proved(std::move(lost), std::move(proof));
}

std::optional<socket_id> delivery::replay_socket(message_id message) const {
  const auto& life = known_.messages.of(message);
  if (known_.declared.offline != offline_policy::replay || !life.acked_first) {
    return std::nullopt;
  }
  std::optional<socket_id> next;
  std::optional<moment> unready;  // the first socket that may have had the replay without our seeing it ready
  for (const auto socket : known_.sockets.sockets_of(life.recipient)) {
    const auto& on = known_.sockets.of(socket);
    if (!known_.settled_before(life, on)) {
      // Who may have been taken for connected has not missed it for certain: a server learns of a close a little later,
      // and of a broken connection perhaps never.
      const bool closed =
          on.ended && (on.how == ending::closed_by_us || on.how == ending::closed_by_peer || on.how == ending::refused);
      if (!closed || !after_by(*life.sent, *on.ended, known_.declared.settle)) {
        return std::nullopt;
      }
    } else if (on.ready) {
      next = !next || *on.ready < *known_.sockets.of(*next).ready ? socket : next;
    } else if (on.how != ending::refused) {
      unready = !unready || on.started < *unready ? on.started : *unready;
    }
  }
  if (!next || (unready && *unready < *known_.sockets.of(*next).ready)) {
    return std::nullopt;
  }
  // Given to another socket that was opened at the same time: it had its replay.
  const auto came = known_.seen.of(message);
  const bool elsewhere = std::any_of(came.begin(), came.end(), [&](const arrival& one) {
    return one.socket != *next && known_.sockets.of(one.socket).user == life.recipient;
  });
  return elsewhere ? std::nullopt : next;
}

}  // namespace ledger

#include "harness/ledger/unwanted.hpp"

#include "harness/ledger/report.hpp"

#include <map>
#include <set>
#include <span>
#include <utility>

namespace ledger {
namespace {

// The certain arrivals of one message on one socket, in time.
void judge_pair(const case_file& known, std::span<const arrival> came, verdict& out) {
  const auto message = came.front().message;
  const auto socket = came.front().socket;
  const auto& life = known.messages.of(message);
  const auto& on = known.sockets.of(socket);
  std::vector<moment> proof;
  for (const auto& one : came) {
    proof.push_back(one.at);
  }
  const bool stands_by = known.stands_by(life, on);
  out.counts.broadcast += stands_by ? came.size() : 0;
  const auto found = [&](finding_class kind) { report(out, finding_about(known, kind, message, socket), proof); };
  if (life.fate() == fate::refused) {
    proof.push_back(*life.refused);
    found(finding_class::refused_but_delivered);
    return;
  }
  if (stands_by) {
    return;
  }
  if (!known.belongs(life, on)) {
    found(finding_class::misrouted);
    return;
  }
  const bool discards = known.declared.offline == offline_policy::discard;
  if (discards && known.settled_before(life, on)) {
    proof.insert(proof.end(), {*life.acked, on.started});
    found(finding_class::replayed);
    return;
  }
  if (const auto before = known.delivered_before(message, socket)) {
    proof.insert(proof.end(), {before->at, on.started});
    found(finding_class::replayed);
    return;
  }
  if (came.size() > 1) {
    found(finding_class::duplicated);
  }
}

// Whether the place of an arrival among the others on its socket means something.
bool in_sequence(const case_file& known, const arrival& one) {
  const auto& life = known.messages.of(one.message);
  const auto& on = known.sockets.of(one.socket);
  return one.certain && life.fate() != fate::refused && known.belongs(life, on) && !known.settled_before(life, on) &&
         !known.delivered_before(one.message, one.socket);
}

// The POST of the last message that came to each socket while it was ready.
void find_proofs(const case_file& known, verdict& out) {
  out.proven_up_to.assign(known.sockets.size(), std::nullopt);
  for (const auto& one : known.seen.in_time()) {
    const auto& life = known.messages.of(one.message);
    const auto& on = known.sockets.of(one.socket);
    if (!one.certain || on.user != life.recipient || !on.ready || *life.sent < *on.ready) {
      continue;
    }
    auto& proof = out.proven_up_to[static_cast<std::size_t>(one.socket)];
    if (!proof || *proof < *life.sent) {
      proof = *life.sent;
    }
  }
}

bool forbidden(const case_file& known, const message_life& life, const socket_life& on) {
  if (known.stands_by(life, on)) {
    return false;
  }
  const bool discards = known.declared.offline == offline_policy::discard;
  return known.belongs(life, on) ? discards && known.settled_before(life, on) : !on.gone_by(*life.sent);
}

}  // namespace

void judge_unwanted(const case_file& known, verdict& out) {
  std::vector<arrival> pair;
  const auto flush = [&] {
    if (!pair.empty()) {
      judge_pair(known, pair, out);
    }
    pair.clear();
  };
  for (const auto& one : known.seen.by_message()) {
    if (!pair.empty() && (pair.front().message != one.message || pair.front().socket != one.socket)) {
      flush();
    }
    if (one.certain) {
      pair.push_back(one);
    }
  }
  flush();
}

void judge_order(const case_file& known, verdict& out) {
  std::set<std::pair<message_id, socket_id>> first;
  std::map<std::pair<socket_id, chat_id>, order_check> checks;
  for (const auto& one : known.seen.in_time()) {
    if (!in_sequence(known, one) || !first.emplace(one.message, one.socket).second) {
      continue;
    }
    const auto chat = known.messages.of(one.message).key.chat;
    auto& check = checks.try_emplace({one.socket, chat}, known.order, known.messages).first->second;
    if (const auto later = check.overtaken_by(one)) {
      auto value = finding_about(known, finding_class::reordered, one.message, one.socket);
      value.basis = known.order.basis(chat);
      value.other = later->message;
      report(out, std::move(value), {later->at, one.at});
    }
  }
  for (const auto& [where, check] : checks) {
    out.counts.ordered_by[static_cast<std::size_t>(known.order.basis(where.second))] += check.compared();
  }
}

void judge_absences(const case_file& known, verdict& out) {
  find_proofs(known, out);
  for (std::size_t s = 0; s < known.sockets.size(); ++s) {
    const auto& on = known.sockets.of(socket_id{static_cast<std::uint32_t>(s)});
    const auto& proof = out.proven_up_to[s];
    for (std::size_t m = 0; m < known.messages.size(); ++m) {
      const message_id message{static_cast<std::uint32_t>(m)};
      const auto& life = known.messages.of(message);
      if (!on.ready || !life.acked || !life.sent || !forbidden(known, life, on)) {
        continue;
      }
      const bool proven = proof && *life.acked < *proof;
      const bool shown = !proven && !known.seen.of(message, socket_id{static_cast<std::uint32_t>(s)}).empty();
      ++(proven || shown ? out.counts.forbidden_checked : out.counts.forbidden_unproven);
    }
  }
}

}  // namespace ledger

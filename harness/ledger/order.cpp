#include "harness/ledger/order.hpp"

namespace ledger {

chat_order::chat_order(const message_table& messages, const identities& known, const history& walks,
                       const rules& declared)
    : messages_(messages), known_(known), rank_(messages.size()) {
  std::map<chat_id, bool> decimal;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const message_id message{static_cast<std::uint32_t>(i)};
    if (const auto id = known.id_of(message); declared.ids_ordered && !id.empty()) {
      const auto all = decimal.try_emplace(messages.of(message).key.chat, true).first;
      all->second = all->second && is_decimal(id);
    }
  }
  for (const auto& [chat, walk] : walks.last_whole()) {
    basis_[chat] = order_basis::history;
    std::size_t rank = 0;
    for (const auto& row : walk->rows) {
      ++rank;
      if (row.who.message && row.who.certain) {
        auto& place = rank_[static_cast<std::size_t>(*row.who.message)];
        place = place ? place : rank;
      }
    }
  }
  for (const auto& [chat, all] : decimal) {
    if (all) {
      basis_[chat] = order_basis::id;
    }
  }
}

order_basis chat_order::basis(chat_id chat) const {
  const auto found = basis_.find(chat);
  return found == basis_.end() ? order_basis::sequence : found->second;
}

bool chat_order::placed(message_id message) const {
  switch (basis(messages_.of(message).key.chat)) {
    case order_basis::id:
      return !known_.id_of(message).empty();
    case order_basis::history:
      return rank_[static_cast<std::size_t>(message)].has_value();
    case order_basis::sequence:
      break;
  }
  return true;
}

bool chat_order::before(message_id a, message_id b) const {
  if (!placed(a) || !placed(b)) {
    return false;
  }
  const auto& first = messages_.of(a);
  const auto& second = messages_.of(b);
  switch (basis(first.key.chat)) {
    case order_basis::id:
      return decimal_less(known_.id_of(a), known_.id_of(b));
    case order_basis::history:
      return *rank_[static_cast<std::size_t>(a)] < *rank_[static_cast<std::size_t>(b)];
    case order_basis::sequence:
      break;
  }
  // Two POSTs under way at once have no order of their own.
  return first.key.sender == second.key.sender && first.acked && second.sent && *first.acked < *second.sent;
}

std::optional<arrival>& order_check::latest(message_id message) {
  const auto& key = messages_.of(message).key;
  return order_.basis(key.chat) == order_basis::sequence ? latest_of_[key.sender] : latest_;
}

std::optional<arrival> order_check::overtaken_by(const arrival& next) {
  if (!order_.placed(next.message)) {
    return std::nullopt;
  }
  auto& last = latest(next.message);
  if (!last) {
    last = next;
    return std::nullopt;
  }
  ++compared_;
  if (order_.before(next.message, last->message)) {
    return last;
  }
  const bool partial = order_.basis(messages_.of(next.message).key.chat) == order_basis::sequence;
  // In a partial order the one that was sent last is the one that most others are before.
  if (!partial || *messages_.of(last->message).sent < *messages_.of(next.message).sent) {
    last = next;
  }
  return std::nullopt;
}

}  // namespace ledger

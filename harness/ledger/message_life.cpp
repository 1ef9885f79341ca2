#include "harness/ledger/message_life.hpp"

namespace ledger {

fate message_life::fate() const {
  if (!sent) {
    return fate::never_sent;
  }
  if (acked) {
    return fate::acked;
  }
  return refusals > 0 && refusals >= posts ? fate::refused : fate::unknown;
}

message_table::message_table(const trace& of) : lives_(of.messages().size()) {
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    lives_[i].key = of.messages()[i];
  }
  std::vector<std::optional<moment>> named(lives_.size());  // when the id was given
  std::size_t place = 0;
  for (const auto& happened : of.events()) {
    const moment now{time_of(happened), place++};
    if (const auto* const sent = std::get_if<ledger::sent>(&happened)) {
      auto& life = lives_[static_cast<std::size_t>(sent->message)];
      if (!life.sent || now < *life.sent) {
        life.sent = now;
        life.recipient = sent->recipient;
      }
      life.is_fence = life.is_fence || sent->is_fence;
      ++life.posts;
    } else if (const auto* const answer = std::get_if<answered>(&happened)) {
      const auto index = static_cast<std::size_t>(answer->message);
      auto& life = lives_[index];
      if (answer->result == outcome::refused) {
        ++life.refusals;
        life.refused = life.refused && now < *life.refused ? life.refused : now;
      }
      if (answer->result != outcome::acked) {
        continue;
      }
      if (!life.acked || now < *life.acked) {
        life.acked = now;
      }
      if (answer->attempt == 1 && (!life.acked_first || now < *life.acked_first)) {
        life.acked_first = now;
      }
      if (!answer->server_id.empty() && (!named[index] || now < *named[index])) {
        named[index] = now;
        life.server_id = answer->server_id;
      }
    }
  }
}

}  // namespace ledger

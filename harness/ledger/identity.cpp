#include "harness/ledger/identity.hpp"

#include <algorithm>

namespace ledger {

bool is_decimal(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool decimal_less(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

identities::identities(const trace& of, const message_table& messages, const rules& declared)
    : messages_(messages), ids_unique_(declared.ids_unique), ids_(messages.size()) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const message_id message{static_cast<std::uint32_t>(i)};
    ids_[i] = messages.of(message).server_id;
  }
  const auto seen = [&](content kind, const std::optional<message_id>& message, std::string_view server_id) {
    if (kind == content::tagged && messages.of(*message).sent) {
      auto& known = ids_[static_cast<std::size_t>(*message)];
      known = known.empty() ? server_id : known;
    }
  };
  for (const auto& happened : of.events()) {
    if (const auto* const one = std::get_if<frame>(&happened)) {
      seen(one->kind, one->message, one->server_id);
    } else if (const auto* const row = std::get_if<sweep_row>(&happened)) {
      seen(row->kind, row->message, row->server_id);
    }
  }
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    if (!ids_[i].empty()) {
      learn(ids_[i], message_id{static_cast<std::uint32_t>(i)});
    }
  }
}

void identities::learn(std::string_view server_id, message_id message) {
  const auto chat = ids_unique_ ? chat_id{} : messages_.of(message).key.chat;
  const auto [found, fresh] = by_id_.try_emplace({chat, server_id}, message);
  if (!fresh && found->second != message) {
    found->second.reset();
  }
}

std::optional<message_id> identities::by_id(std::string_view server_id, std::optional<chat_id> chat) const {
  if (server_id.empty() || (!ids_unique_ && !chat)) {
    return std::nullopt;
  }
  const auto found = by_id_.find({ids_unique_ ? chat_id{} : *chat, server_id});
  return found == by_id_.end() ? std::nullopt : found->second;
}

identity identities::of(content kind, std::optional<message_id> tagged, std::string_view server_id,
                        std::optional<chat_id> chat) const {
  if (kind == content::tagged) {
    return {tagged, true, false};
  }
  if (const auto known = by_id(server_id, chat)) {
    return {known, true, kind != content::no_text};
  }
  if (kind == content::damaged) {
    return {tagged, false, true};
  }
  return {};
}

}  // namespace ledger

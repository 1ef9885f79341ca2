#include "conformance/selftest/faulty/store.hpp"

#include <algorithm>

namespace faulty {

Store::Created Store::create_chat(std::string_view creator, std::string_view peer) {
  const auto [low, high] = std::minmax(creator, peer);
  const std::string pair = std::string(low) + '\n' + std::string(high);
  if (const auto known = pairs_.find(pair); known != pairs_.end()) return {find(known->second), false};
  last_chat_us_ = std::max(last_chat_us_, now_us());
  Chat& chat = chats_.emplace_back();
  chat.id = static_cast<std::int64_t>(chats_.size());
  chat.participants = {std::string(low), std::string(high)};
  chat.created_us = last_chat_us_;
  pairs_.emplace(pair, chat.id);
  listed_[std::string(creator)].push_back(chat.id);
  if (faults_.strikes(Fault::chat_listed_for_creator_only, chat.id))
    faults_.note(Fault::chat_listed_for_creator_only, {.chat = chat.id, .user = peer});
  else
    listed_[std::string(peer)].push_back(chat.id);
  return {&chat, true};
}

Chat* Store::find(std::int64_t id) {
  if (id < 1 || id > static_cast<std::int64_t>(chats_.size())) return nullptr;
  return &chats_[static_cast<std::size_t>(id - 1)];
}

Chat* Store::readable(std::int64_t id, std::string_view user) {
  Chat* chat = find(id);
  if (chat == nullptr || chat->has(user)) return chat;
  if (!faults_.strikes(Fault::membership_unchecked, id)) return nullptr;
  faults_.note(Fault::membership_unchecked, {.chat = id, .user = user});
  return chat;
}

Chat* Store::writable(std::int64_t id, std::string_view user) {
  Chat* chat = find(id);
  if (chat == nullptr || chat->has(user)) return chat;
  if (!faults_.strikes(Fault::post_membership_unchecked, id)) return nullptr;
  faults_.note(Fault::post_membership_unchecked, {.chat = id, .user = user});
  return chat;
}

ChatPage Store::chats_of(const std::string& user, const Window& window) {
  std::vector<std::int64_t> ids;
  if (const auto known = listed_.find(user); known != listed_.end()) ids = known->second;
  if (faults_.strikes(Fault::foreign_chats_listed)) {
    faults_.note(Fault::foreign_chats_listed, {.user = user});
    ids.clear();
    for (const Chat& chat : chats_) ids.push_back(chat.id);
  }
  ChatPage page;
  for (auto id = std::upper_bound(ids.begin(), ids.end(), window.cursor); id != ids.end(); ++id) {
    if (page.chats.size() == window.limit) {
      page.more = true;
      break;
    }
    page.chats.push_back(find(*id));
  }
  return page;
}

MessagePage Store::history(const Chat& chat, const Window& window, std::string_view user) {
  const auto& ids = chat.messages;
  const bool repeats = std::binary_search(ids.begin(), ids.end(), window.cursor) &&
                       faults_.strikes(Fault::page_boundary_repeats, chat.id);
  if (repeats) faults_.note(Fault::page_boundary_repeats, {.message = window.cursor, .chat = chat.id, .user = user});
  auto first = ids.begin();
  auto last = ids.end();
  if (faults_.is_on(Fault::stale_history)) last = std::upper_bound(first, last, horizon(chat, std::string(user)));
  MessagePage page;
  if (window.kind == Window::Kind::after) {
    first = repeats ? std::lower_bound(first, last, window.cursor) : std::upper_bound(first, last, window.cursor);
    page.more = static_cast<std::size_t>(last - first) > window.limit;
    if (page.more) last = first + static_cast<std::ptrdiff_t>(window.limit);
  } else {
    if (window.kind == Window::Kind::before)
      last = repeats ? std::upper_bound(first, last, window.cursor) : std::lower_bound(first, last, window.cursor);
    page.more = static_cast<std::size_t>(last - first) > window.limit;
    if (page.more) first = last - static_cast<std::ptrdiff_t>(window.limit);
  }
  for (; first != last; ++first) page.messages.push_back(messages_.at(*first));
  return page;
}

std::int64_t Store::horizon(const Chat& chat, const std::string& user) {
  std::int64_t& cached = cached_up_to_.try_emplace(user + '\n' + std::to_string(chat.id), max_id).first->second;
  const std::int64_t newest = chat.messages.empty() ? 0 : chat.messages.back();
  const bool from_cache =
      just_connected_.erase(user) > 0 && cached < newest && faults_.strikes(Fault::stale_history, chat.id);
  if (from_cache) {
    const auto hidden = std::upper_bound(chat.messages.begin(), chat.messages.end(), cached);
    faults_.note(Fault::stale_history, {.of = messages_.at(*hidden).get(), .user = user});
    return cached;
  }
  cached = newest;
  return newest;
}

MessagePtr Store::message(const Chat& chat, std::int64_t id) const {
  const auto found = messages_.find(id);
  return found != messages_.end() && found->second->chat == chat.id ? found->second : nullptr;
}

void Store::commit(MessagePtr message) {
  find(message->chat)->messages.push_back(message->id);
  messages_.emplace(message->id, std::move(message));
}

}  // namespace faulty

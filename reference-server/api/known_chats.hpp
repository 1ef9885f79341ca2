// Who is in the chats whose messages were asked for lately: a page of one of them need not ask for its members again,
// who never change. Chats are never deleted, but a database that was lost may come back as another: then clear().
// Owned by messages, on its thread; holds at most 16,384 chats, some 3 MB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace api {

class known_chats {
 public:
  // The other member, or "" when the chat is not known or `user` is not in it: the database tells which.
  std::string_view peer(std::int64_t chat, std::string_view user) const {
    const auto found = members_.find(chat);
    if (found == members_.end()) {
      return {};
    }
    const auto& [low, high] = found->second;
    return user == low ? std::string_view(high) : user == high ? std::string_view(low) : std::string_view();
  }

  void add(std::int64_t chat, std::string_view low, std::string_view high) {
    if (members_.size() >= most_chats) {
      members_.clear();
    }
    members_.try_emplace(chat, low, high);
  }

  void clear() { members_.clear(); }

 private:
  static constexpr std::size_t most_chats = 16384;

  std::unordered_map<std::int64_t, std::pair<std::string, std::string>> members_;
};

}  // namespace api

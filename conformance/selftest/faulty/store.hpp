// Chats and committed messages, in memory. Owned by main, used on the server's one thread; nothing here waits. Messages
// come in through `commit`, in ascending id order; what was not committed cannot be read.
#pragma once

#include "conformance/selftest/faulty/chat.hpp"
#include "conformance/selftest/faulty/faults.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace faulty {

// Where a page stands: `after` pages forward from it, `before` backward, neither gives the newest page.
struct Window {
  enum class Kind { newest, after, before } kind = Kind::newest;
  std::int64_t cursor = 0;
  std::size_t limit = 50;
};

struct ChatPage {
  std::vector<const Chat*> chats;
  bool more = false;
};

struct MessagePage {
  std::vector<MessagePtr> messages;  // ascending ids
  bool more = false;                 // something existed beyond the page, in its direction
};

class Store {
 public:
  explicit Store(Faults& faults) : faults_(faults) {}

  struct Created {
    const Chat* chat;
    bool is_new;
  };
  // The chat of the pair, made when there is none. Both are well-formed and different.
  Created create_chat(std::string_view creator, std::string_view peer);

  // The chat when `user` may read it (or write to it), else null: absent and foreign look the same.
  Chat* readable(std::int64_t id, std::string_view user);
  Chat* writable(std::int64_t id, std::string_view user);

  ChatPage chats_of(const std::string& user, const Window& window);
  MessagePage history(const Chat& chat, const Window& window, std::string_view user);
  MessagePtr message(const Chat& chat, std::int64_t id) const;

  void commit(MessagePtr message);

  // A socket of this user opened. Only stale_history cares.
  void socket_opened(const std::string& user) {
    if (faults_.is_on(Fault::stale_history)) just_connected_.insert(user);
  }
  std::int64_t newest_chat() const { return static_cast<std::int64_t>(chats_.size()); }

 private:
  Chat* find(std::int64_t id);
  // The id up to which this read may see the chat.
  std::int64_t horizon(const Chat& chat, const std::string& user);

  Faults& faults_;
  std::deque<Chat> chats_;  // index = id - 1; a deque keeps addresses
  std::unordered_map<std::string, std::int64_t> pairs_;
  std::unordered_map<std::string, std::vector<std::int64_t>> listed_;  // user -> ids of chats, ascending
  std::unordered_map<std::int64_t, MessagePtr> messages_;
  std::int64_t last_chat_us_ = 0;
  std::unordered_set<std::string> just_connected_;
  std::unordered_map<std::string, std::int64_t> cached_up_to_;  // user and chat -> last id
};

}  // namespace faulty

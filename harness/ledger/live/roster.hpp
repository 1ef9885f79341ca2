// The users and chats of a live ledger, and for each direction of a chat (what one member sends to the other) where it
// stands: all that is kept for good. A direction about which nothing is open has no window.
//
// Owned by one live ledger. Grows to the range it was given and no further, apart from windows and lanes, which are
// reused. Errors: numbers outside of the range throw std::out_of_range.
#pragma once

#include "harness/ledger/live/live_ledger.hpp"
#include "harness/ledger/live/message_window.hpp"
#include "harness/ledger/live/settled_runs.hpp"
#include "harness/ledger/live/socket_table.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace ledger::live {

struct known_user {
  std::uint32_t first_socket = none;  // those that are not gone
  std::uint32_t first_chat = none;
};

// What the frames of one direction on one socket have shown.
struct lane {
  std::uint32_t slot = none;
  std::uint32_t generation = 0;
  std::uint32_t next = none;  // of the same direction
  std::uint32_t since = 0;    // what was settled up to here never came to this socket
  // For the order, of frames that belong where they came.
  std::uint32_t highest_sequence = 0;  // of the one with the highest id
  std::uint64_t highest_id = 0;
  std::uint64_t latest_post = 0;  // the place of the latest POST
  std::uint32_t latest_sequence = 0;
  bool has_id = false;
  // For losses, of all certain frames on the recipient's sockets.
  bool shown_id = false;
  std::uint32_t shown_sequence = 0;
  std::uint32_t shown_post_sequence = 0;
  std::uint64_t shown_highest_id = 0;
  std::uint64_t shown_post = 0;
};

struct direction {
  std::uint32_t handed_out = 0;
  std::uint32_t settled = 0;  // up to this sequence no message is in the window's run
  std::uint32_t held = 0;     // settled and acknowledged ones that a whole walk was held to
  std::uint32_t window = none;
  std::uint32_t lanes = none;
  std::unique_ptr<settled_runs> left;

  remains of(std::uint32_t sequence) const { return left ? left->of(sequence) : remains::nothing; }
  std::uint32_t not_acked() const { return left ? left->not_acked() : 0; }
};

struct known_chat {
  std::array<user_id, 2> members{};
  std::array<std::uint32_t, 2> next{none, none};  // the next chat of each member
  bool made = false;
  bool ids_unordered = false;     // an id was seen that is no number
  std::uint16_t walks = 0;        // under way
  std::uint32_t writes = 0;       // POSTs begun so far; wraps
  std::uint32_t writing = 0;      // POSTs under way
  instant quiet_from{};           // what ended unknown may be carried out until then
  std::array<direction, 2> ways;  // by sender
};

// A direction by number: chat times two, plus the sender's place among the members.
struct way {
  std::uint32_t number = none;
  std::uint32_t chat() const { return number / 2; }
  std::uint32_t side() const { return number % 2; }
  way back() const { return {number ^ 1U}; }
  explicit operator bool() const { return number != none; }
};

class roster {
 public:
  explicit roster(const live_range& range);

  void make(chat_id number, user_id a, user_id b);

  std::uint32_t chat_of(chat_id number) const;       // throws when it was not made
  way way_of(chat_id number, user_id sender) const;  // throws
  way find(chat_id number, user_id sender) const;    // none
  chat_id number(std::uint32_t chat) const { return chat_id{range_.first_chat + chat}; }
  bool covers(chat_id number) const;
  bool covers(user_id number) const;

  known_chat& at(std::uint32_t chat) { return chats_[chat]; }
  direction& at(way of) { return chats_[of.chat()].ways[of.side()]; }
  const direction& at(way of) const { return chats_[of.chat()].ways[of.side()]; }
  known_user& user(user_id number);
  user_id sender(way of) const { return chats_[of.chat()].members[of.side()]; }
  user_id recipient(way of) const { return chats_[of.chat()].members[1 - of.side()]; }
  std::vector<user_id> members(chat_id number) const;  // none when it was not made
  message_key key(way of, std::uint32_t sequence) const;

  message_window& window(way of);  // makes one
  message_window* window_if(way of) { return at(of).window == none ? nullptr : &windows_[at(of).window]; }
  void give_back_window(way of);  // when it is empty
  message_record* find(way of, std::uint32_t sequence);
  std::size_t open_messages() const;

  // Makes one, because of a message that came.
  lane& lane_of(way of, std::uint32_t slot, const socket_table& sockets, std::uint32_t sequence);
  const lane* lane_if(way of, std::uint32_t slot, const socket_table& sockets) const;

  // Every chat of a user: visit(chat, the user's side).
  template <typename Visit>
  void each_chat(user_id of, Visit&& visit) {
    for (auto chat = user(of).first_chat; chat != none;) {
      auto& one = chats_[chat];
      const auto side = one.members[0] == of ? 0U : 1U;
      const auto next = one.next[side];
      visit(chat, side);
      chat = next;
    }
  }
  // Every direction that has a window.
  template <typename Visit>
  void each_open(Visit&& visit) {
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      if (owners_[i]) {
        visit(owners_[i]);
      }
    }
  }

 private:
  live_range range_;
  std::vector<known_user> users_;
  std::vector<known_chat> chats_;
  std::deque<message_window> windows_;
  std::vector<way> owners_;
  std::vector<std::uint32_t> free_windows_;
  std::vector<lane> lanes_;
};

}  // namespace ledger::live

#include "harness/ledger/live/roster.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ledger::live {
namespace {

std::uint32_t place(auto number, std::uint32_t first, std::uint32_t count, const char* what) {
  const auto index = static_cast<std::uint32_t>(number) - first;
  if (index >= count) {
    throw std::out_of_range(std::string(what) + " " + std::to_string(static_cast<std::uint32_t>(number)) +
                            " is not of this ledger");
  }
  return index;
}

}  // namespace

roster::roster(const live_range& range) : range_(range), users_(range.users), chats_(range.chats) {}

void roster::make(chat_id number, user_id a, user_id b) {
  const auto index = place(number, range_.first_chat, range_.chats, "chat");
  auto& one = chats_[index];
  if (one.made || a == b) {
    throw std::out_of_range("chat " + std::to_string(static_cast<std::uint32_t>(number)) + " cannot be made so");
  }
  one.members = {a, b};
  one.made = true;
  for (const std::size_t side : {0U, 1U}) {
    auto& member = user(one.members[side]);
    one.next[side] = member.first_chat;
    member.first_chat = index;
  }
}

std::uint32_t roster::chat_of(chat_id number) const {
  const auto index = place(number, range_.first_chat, range_.chats, "chat");
  if (!chats_[index].made) {
    throw std::out_of_range("chat " + std::to_string(static_cast<std::uint32_t>(number)) + " was not made");
  }
  return index;
}

way roster::way_of(chat_id number, user_id sender) const {
  const auto index = chat_of(number);
  const auto& members = chats_[index].members;
  if (members[0] != sender && members[1] != sender) {
    throw std::out_of_range("user " + std::to_string(static_cast<std::uint32_t>(sender)) + " is not in the chat");
  }
  return {index * 2 + (members[0] == sender ? 0 : 1)};
}

way roster::find(chat_id number, user_id sender) const {
  const auto index = static_cast<std::uint32_t>(number) - range_.first_chat;
  if (index >= range_.chats || !chats_[index].made) {
    return {};
  }
  const auto& members = chats_[index].members;
  return members[0] == sender ? way{index * 2} : members[1] == sender ? way{index * 2 + 1} : way{};
}

std::vector<user_id> roster::members(chat_id number) const {
  const auto index = static_cast<std::uint32_t>(number) - range_.first_chat;
  if (index >= range_.chats || !chats_[index].made) {
    return {};
  }
  return {chats_[index].members.begin(), chats_[index].members.end()};
}

bool roster::covers(chat_id number) const {
  return static_cast<std::uint32_t>(number) - range_.first_chat < range_.chats;
}
bool roster::covers(user_id number) const {
  return static_cast<std::uint32_t>(number) - range_.first_user < range_.users;
}

known_user& roster::user(user_id number) {
  return users_[place(number, range_.first_user, range_.users, "user")];
}

message_key roster::key(way of, std::uint32_t sequence) const {
  return {chat_id{range_.first_chat + of.chat()}, sender(of), sequence};
}

message_window& roster::window(way of) {
  auto& index = at(of).window;
  if (index == none) {
    if (free_windows_.empty()) {
      free_windows_.push_back(static_cast<std::uint32_t>(windows_.size()));
      windows_.emplace_back();
      owners_.emplace_back();
    }
    index = free_windows_.back();
    free_windows_.pop_back();
    owners_[index] = of;
  }
  return windows_[index];
}

void roster::give_back_window(way of) {
  auto& index = at(of).window;
  if (index != none && windows_[index].empty()) {
    owners_[index] = {};
    free_windows_.push_back(index);
    index = none;
  }
}

message_record* roster::find(way of, std::uint32_t sequence) {
  auto* const open = window_if(of);
  return open == nullptr ? nullptr : open->find(sequence, at(of).settled);
}

std::size_t roster::open_messages() const {
  std::size_t sum = 0;
  for (const auto& one : windows_) {
    sum += one.size();
  }
  return sum;
}

lane& roster::lane_of(way of, std::uint32_t slot, const socket_table& sockets, std::uint32_t sequence) {
  const auto generation = sockets[slot].generation;
  auto spare = none;
  for (auto i = at(of).lanes; i != none; i = lanes_[i].next) {
    if (lanes_[i].slot == slot && lanes_[i].generation == generation) {
      lanes_[i].since = std::min(lanes_[i].since, sequence - 1);
      return lanes_[i];
    }
    if (sockets[lanes_[i].slot].generation != lanes_[i].generation) {
      spare = i;
    }
  }
  if (spare == none) {
    spare = static_cast<std::uint32_t>(lanes_.size());
    lanes_.emplace_back().next = at(of).lanes;
    at(of).lanes = spare;
  }
  lane fresh;
  fresh.slot = slot;
  fresh.generation = generation;
  fresh.next = lanes_[spare].next;
  fresh.since = std::min(at(of).settled, sequence - 1);
  return lanes_[spare] = fresh;
}

const lane* roster::lane_if(way of, std::uint32_t slot, const socket_table& sockets) const {
  for (auto i = at(of).lanes; i != none; i = lanes_[i].next) {
    if (lanes_[i].slot == slot && lanes_[i].generation == sockets[slot].generation) {
      return &lanes_[i];
    }
  }
  return nullptr;
}

}  // namespace ledger::live

// Who there is and who talks with whom: users in cells, and two-person chats that never leave a cell, so that whoever
// owns a cell owns both ends of its chats. Depends on the number of users alone. Pure.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace loadgen {

inline constexpr std::uint32_t most_cells = 64;

struct cell {
  std::uint32_t number = 0;
  std::uint32_t first_user = 0;
  std::uint32_t users = 0;  // at least 2
  std::uint32_t first_chat = 0;
  std::uint32_t chats = 0;

  // The two members of one of its chats, user numbers.
  std::pair<std::uint32_t, std::uint32_t> members(std::uint32_t chat) const;
  // The chats of one of its users: one (a cell of two), two (three or four users), else four.
  std::vector<std::uint32_t> chats_of(std::uint32_t user) const;
};

// 64 cells, or as many as there are pairs of users; their sizes differ by one at most. Users and chats are numbered
// through from 0, cell after cell. Precondition: users >= 2.
std::vector<cell> make_cells(std::uint32_t users);

}  // namespace loadgen

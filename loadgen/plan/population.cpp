#include "loadgen/plan/population.hpp"

#include <algorithm>
#include <stdexcept>

namespace loadgen {

namespace {

// The users of a cell sit in a ring; each has a chat with the next one, and in a larger ring with the one after that.
std::uint32_t chats_in(std::uint32_t users) {
  if (users == 2) return 1;
  return users < 5 ? users : 2 * users;
}

}  // namespace

std::pair<std::uint32_t, std::uint32_t> cell::members(std::uint32_t chat) const {
  const std::uint32_t index = chat - first_chat;
  const std::uint32_t one = index % users;
  const std::uint32_t other = (one + 1 + index / users) % users;
  return {first_user + one, first_user + other};
}

std::vector<std::uint32_t> cell::chats_of(std::uint32_t user) const {
  std::vector<std::uint32_t> out;
  if (users == 2) return {first_chat};
  const std::uint32_t seat = user - first_user;
  for (std::uint32_t step = 1; step <= chats / users; ++step) {
    const std::uint32_t round = first_chat + (step - 1) * users;
    out.push_back(round + seat);
    out.push_back(round + (seat + users - step) % users);
  }
  return out;
}

std::vector<cell> make_cells(std::uint32_t users) {
  if (users < 2) throw std::invalid_argument("a population needs two users");
  const std::uint32_t count = std::min(most_cells, users / 2);
  std::vector<cell> out;
  std::uint32_t user = 0;
  std::uint32_t chat = 0;
  for (std::uint32_t number = 0; number < count; ++number) {
    const std::uint32_t size = users / count + (number < users % count ? 1 : 0);
    out.push_back({number, user, size, chat, chats_in(size)});
    user += size;
    chat += chats_in(size);
  }
  return out;
}

}  // namespace loadgen

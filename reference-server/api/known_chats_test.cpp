// The remembered members of chats.
#include "reference-server/api/known_chats.hpp"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(KnownChats, NameThePeerToMembersAlone) {
  known_chats known;
  EXPECT_EQ(known.peer(7, "alice"), "");
  known.add(7, "alice", "bob");
  EXPECT_EQ(known.peer(7, "alice"), "bob");
  EXPECT_EQ(known.peer(7, "bob"), "alice");
  EXPECT_EQ(known.peer(7, "carol"), "");
  EXPECT_EQ(known.peer(8, "alice"), "");
  known.clear();
  EXPECT_EQ(known.peer(7, "alice"), "");
}

TEST(KnownChats, AreBounded) {
  known_chats known;
  constexpr std::int64_t many = 40000;
  for (std::int64_t chat = 1; chat <= many; ++chat) {
    known.add(chat, "alice", "bob");
    ASSERT_EQ(known.peer(chat, "alice"), "bob");
  }
  std::int64_t held = 0;
  for (std::int64_t chat = 1; chat <= many; ++chat) {
    held += known.peer(chat, "alice").empty() ? 0 : 1;
  }
  EXPECT_LE(held, 16384);
}

}  // namespace
}  // namespace api

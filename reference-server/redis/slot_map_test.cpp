#include "reference-server/redis/slot_map.hpp"

#include <gtest/gtest.h>

namespace redis {
namespace {

TEST(Slots, AreThoseOfTheSpecification) {
  EXPECT_EQ(slot_of("123456789"), 0x31C3u);  // the check value of the CRC; below 16384
  EXPECT_EQ(slot_of("foo"), 12182u);
  EXPECT_EQ(slot_of(""), 0u);
  EXPECT_EQ(slot_of("{user1000}.following"), slot_of("user1000"));
  EXPECT_EQ(slot_of("foo{bar}{zap}"), slot_of("bar"));
  EXPECT_EQ(slot_of("foo{{bar}}zap"), slot_of("{bar"));
  EXPECT_NE(slot_of("foo{}{bar}"), slot_of("bar"));
}

TEST(Slots, ComeFromTheMastersThatLive) {
  const auto masters = read_cluster_nodes(
      "a1 127.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-5460 [93->-b2]\n"
      "b2 127.0.0.1:7002@17002,name master - 0 0 2 connected 5461-10921 10923\n"
      "c3 127.0.0.1:7003@17003 master,fail - 0 0 3 disconnected 10922\n"
      "d4 127.0.0.1:7004@17004 slave a1 0 0 1 connected\n"
      "e5 127.0.0.1:7005@17005 master - 0 0 4 connected\n"
      "f6 :7006@17006 myself,master - 0 0 5 connected 10924\n");
  ASSERT_EQ(masters.size(), 2u);
  EXPECT_EQ(masters[0].address, "127.0.0.1:7001");
  EXPECT_EQ(masters[0].slots.count(), 5461u);
  EXPECT_TRUE(masters[0].slots.test(93));
  EXPECT_EQ(masters[1].address, "127.0.0.1:7002");
  EXPECT_EQ(masters[1].slots.count(), 5462u);
  EXPECT_TRUE(masters[1].slots.test(10923));
  EXPECT_TRUE(read_cluster_nodes("").empty());
  EXPECT_TRUE(read_cluster_nodes("nonsense").empty());
}

}  // namespace
}  // namespace redis

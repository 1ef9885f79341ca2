#include "reference-server/redis/address.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace redis {
namespace {

TEST(Address, TakesAUnixSocket) {
  const auto found = parse_address("unix:/tmp/r.sock");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->tcp);
  EXPECT_EQ(found->text, "unix:/tmp/r.sock");
  EXPECT_EQ(found->endpoint.protocol().family(), AF_UNIX);
}

TEST(Address, TakesHostAndPort) {
  const auto found = parse_address("127.0.0.1:6379");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->tcp);
  EXPECT_EQ(found->endpoint.protocol().family(), AF_INET);
  const auto six = parse_address("[::1]:6379");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->endpoint.protocol().family(), AF_INET6);
}

TEST(Address, TakesNodesOfACluster) {
  const auto found = parse_address("cluster:127.0.0.1:7001,127.0.0.1:7002");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->cluster());
  ASSERT_EQ(found->nodes.size(), 2u);
  EXPECT_EQ(found->nodes[1].text, "127.0.0.1:7002");
  EXPECT_FALSE(parse_address("127.0.0.1:7001")->cluster());
  for (const auto* text :
       {"cluster:", "cluster:127.0.0.1:7001,", "cluster:unix:/r.sock", "cluster:cluster:1.2.3.4:5"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

TEST(Address, SaysWhatIsWrongAndWhatIsExpected) {
  for (const auto* text :
       {"", "localhost", ":6379", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:6379x", "unix:", "[]:1"}) {
    const auto found = parse_address(text);
    ASSERT_FALSE(found) << text;
    EXPECT_NE(found.error().find("expected unix:/path"), std::string::npos) << text;
  }
  EXPECT_FALSE(parse_address("unix:/" + std::string(200, 'a')));
}

}  // namespace
}  // namespace redis

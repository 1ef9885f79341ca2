#include "harness/client/user/paths.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

target two_addresses() {
  target t;
  t.base_urls = {*parse_url("http://127.0.0.1:8080/shop"), *parse_url("http://127.0.0.1:8082")};
  return t;
}

TEST(Paths, OfTheActions) {
  EXPECT_EQ(chats_path(), "/api/v1/chats/");
  EXPECT_EQ(chat_path("7"), "/api/v1/chats/7/");
  EXPECT_EQ(messages_path("a/b c"), "/api/v1/chats/a%2Fb%20c/messages/");
  EXPECT_EQ(message_path("7", "\xC3\xA9"), "/api/v1/chats/7/messages/%C3%A9/");
}

TEST(Paths, Queries) {
  EXPECT_EQ(query_text({}), "");
  EXPECT_EQ(query_text({.after = "0", .limit = 200}), "?limit=200&after=0");
  EXPECT_EQ(query_text({.before = "a&b"}), "?before=a%26b");
}

TEST(Follow, PathsQueriesAndOwnAddresses) {
  const target t = two_addresses();
  EXPECT_EQ(*follow(t, "/a?x=1", "/b?after=2"), "/b?after=2");
  EXPECT_EQ(*follow(t, "/a?x=1", "?after=2"), "/a?after=2");
  EXPECT_EQ(*follow(t, "/a", "?after=2"), "/a?after=2");
  EXPECT_EQ(*follow(t, "/a", "/shop/b?after=2"), "/b?after=2");
  EXPECT_EQ(*follow(t, "/a", "http://127.0.0.1:8080/shop/b"), "/b");
  EXPECT_EQ(*follow(t, "/a", "http://127.0.0.1:8082/b?x"), "/b?x");
}

TEST(Follow, NothingElse) {
  const target t = two_addresses();
  for (const char* link : {"", "b", "//evil.example/b", "http://evil.example/b", "http://127.0.0.1:8081/b",
                           "https://127.0.0.1:8080/b", "javascript:x", "/a b", "/a\r\nHost: x"}) {
    EXPECT_FALSE(follow(t, "/a", link)) << link;
  }
}

}  // namespace
}  // namespace client

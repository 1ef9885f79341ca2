#include "harness/client/user/cookie_jar.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

http::exchange setting(std::vector<std::string> lines) {
  http::exchange out;
  for (std::string& each : lines) out.headers.push_back({"set-cookie", std::move(each)});
  return out;
}

TEST(CookieJar, TheLastOfANameStaysUntilItIsOver) {
  cookie_jar jar;
  jar.take(setting({"a=1; Path=/; HttpOnly", " b = x=y ;Secure", "none", "=no"}));
  EXPECT_EQ(jar.header(), "a=1; b=x=y");
  jar.take(setting({"a=2; Max-Age=60"}));
  EXPECT_EQ(jar.find("a"), "2");
  jar.take(setting({"b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "c=3"}));
  EXPECT_EQ(jar.header(), "a=2; c=3");
  jar.take(setting({"a=; max-age=0", "c=; Max-Age=-1"}));
  EXPECT_TRUE(jar.empty());
  EXPECT_EQ(jar.find("a"), std::nullopt);
}

}  // namespace
}  // namespace client

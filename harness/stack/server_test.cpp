// The stack with the server's real programs: they come up, they come back at their addresses, they work.
#include "harness/client/jwt/token.hpp"
#include "harness/stack/stack.hpp"
#include "harness/stack/test/environment.hpp"

#include <gmock/gmock.h>

namespace stack {
namespace {
using test::becomes_true;
using test::find;
using testing::HasSubstr;
using testing::StartsWith;

std::string get(const std::string& address, const std::string& path) {
  return test::answer_to(address, "GET " + path + " HTTP/1.1\r\nHost: stack\r\nConnection: close\r\n\r\n");
}

std::string open_chat(const stack& running, const std::string& api, const std::string& peer) {
  const std::string token =
      client::jwt::mint(running.secret(), "alice", client::jwt::wall_now(), std::chrono::hours(1));
  const std::string body = "{\"participant\": \"" + peer + "\"}";
  return test::answer_to(
      find(running, api).address,
      "POST /api/v1/chats/ HTTP/1.1\r\nHost: stack\r\nConnection: close\r\nAuthorization: Bearer " + token +
          "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

TEST(Server, RealProgramsComeUpAndComeBack) {
  options wanted;
  wanted.programs = ROLLCALL_BIN;
  wanted.api = 2;
  wanted.gateway = 2;
  auto started = stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  stack& running = **started;
  const auto ready = [&](const char* name) {
    return becomes_true([&] { return get(find(running, name).admin, "/readyz").starts_with("HTTP/1.1 200"); });
  };
  EXPECT_THAT(open_chat(running, "api1", "bob"), StartsWith("HTTP/1.1 201"));  // at once
  EXPECT_THAT(open_chat(running, "api2", "bob"), StartsWith("HTTP/1.1 200"));

  for (const char* name : {"api1", "g1", "redis", "postgres"}) {
    const client::part before = find(running, name);
    for (const bool orderly : {true, false}) {
      const auto down = orderly ? running.stop(name) : running.kill(name);
      ASSERT_TRUE(down) << down.error().what;
      const auto up = running.start(name);
      ASSERT_TRUE(up) << up.error().what;
      EXPECT_EQ(find(running, name).address, before.address);
      EXPECT_EQ(find(running, name).admin, before.admin);
    }
    ASSERT_TRUE(running.pause(name));
    ASSERT_TRUE(running.resume(name));
  }
  for (const char* name : {"api1", "api2", "g1", "g2"}) EXPECT_TRUE(ready(name)) << name;
  EXPECT_THAT(open_chat(running, "api1", "bob"), StartsWith("HTTP/1.1 200"));  // the chat outlived everything
  EXPECT_THAT(open_chat(running, "api2", "carol"), StartsWith("HTTP/1.1 201"));
  EXPECT_FALSE(running.failed());

  const std::vector<int> pids = test::everybody(running);
  EXPECT_TRUE(running.shut_down());
  EXPECT_TRUE(test::all_gone(pids));
  EXPECT_FALSE(std::filesystem::exists(running.directory()));
}

TEST(Server, FlagOfThatIsRefusedIsQuoted) {
  options wanted;
  wanted.programs = ROLLCALL_BIN;
  wanted.arguments["gateway"] = {"--ping-interval", "soon"};
  const auto started = stack::start(wanted);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().what, HasSubstr("g1 exited with code 2 before it was ready"));
  EXPECT_THAT(started.error().what, HasSubstr("--ping-interval"));
}

}  // namespace
}  // namespace stack

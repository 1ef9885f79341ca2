#include "reference-server/gateway/options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace gateway {
namespace {

TEST(Options, ReadsDurations) {
  EXPECT_EQ(parse_ticks("25s"), 250u);
  EXPECT_EQ(parse_ticks("500ms"), 5u);
  EXPECT_EQ(parse_ticks("150ms"), 2u);
  EXPECT_EQ(parse_ticks("2m"), 1200u);
  EXPECT_EQ(parse_ticks("1440m"), 864000u);
  for (const auto* text :
       {"", "s", "25", "25 s", "-1s", "0s", "99ms", "1441m", "25h", "25sx", "99999999999999999999s"}) {
    EXPECT_EQ(parse_ticks(text), std::nullopt) << text;
  }
}

std::variant<options, int> read(std::vector<const char*> flags) {
  ::setenv("ROLLCALL_SECRET", "0123456789abcdef0123456789abcdef", 1);
  flags.insert(flags.begin(), "rollcall-gateway");
  return read_options(static_cast<int>(flags.size()), flags.data());
}

TEST(Options, ReadsTheFlagsOfTheGateway) {
  const auto got =
      read({"--redis", "unix:/tmp/r.sock", "--ping-interval", "2s", "--ping-timeout", "3s", "--origin", "http://a",
            "--origin", "http://b", "--max-message", "8192", "--name", "g7", "--connect-timeout", "5s"});
  ASSERT_TRUE(std::holds_alternative<options>(got));
  const auto& o = std::get<options>(got);
  EXPECT_EQ(o.hub.sockets.ping_interval, 20u);
  EXPECT_EQ(o.hub.sockets.ping_timeout, 30u);
  EXPECT_EQ(o.hub.origins, (std::vector<std::string>{"http://a", "http://b"}));
  EXPECT_EQ(o.hub.sockets.message, 8192u);
  EXPECT_EQ(o.common.name, "g7");
  EXPECT_EQ(o.hub.name, "g7");
  EXPECT_EQ(o.hub.session_times.ping_interval, 20u);
  EXPECT_EQ(o.hub.session_times.ping_timeout, 30u);
  EXPECT_EQ(o.hub.session_times.join_within, 50u);
}

TEST(Options, ReadsWhatSeveralShare) {
  const auto got = read({"--redis", "unix:/tmp/r.sock", "--shared-listen", "127.0.0.1:8090", "--max-sockets", "7"});
  ASSERT_TRUE(std::holds_alternative<options>(got));
  EXPECT_EQ(std::get<options>(got).shared_listen->port(), 8090);
  EXPECT_EQ(std::get<options>(got).max_sockets, 7u);
  for (const auto* text : {"127.0.0.1:0", "8090", ""}) {
    EXPECT_TRUE(std::holds_alternative<int>(read({"--redis", "unix:/tmp/r.sock", "--shared-listen", text}))) << text;
  }
}

TEST(Options, HasTheDefaultsOfTheContract) {
  const auto got = read({"--redis", "unix:/tmp/r.sock"});
  ASSERT_TRUE(std::holds_alternative<options>(got));
  const auto& limits = std::get<options>(got).hub.sockets;
  EXPECT_EQ(std::get<options>(got).hub.session_times.join_within, 450u);
  EXPECT_EQ(limits.ping_interval, 250u);
  EXPECT_EQ(limits.ping_timeout, 200u);
  EXPECT_EQ(limits.message, 4096u);
  EXPECT_EQ(limits.queued_bytes, 512u * 1024);
  EXPECT_EQ(limits.queued_frames, 2000u);
  EXPECT_EQ(limits.queued_age, 100u);
}

TEST(Options, RefusesWithOneLine) {
  for (const auto& flags :
       std::vector<std::vector<const char*>>{{},
                                             {"--redis", "nowhere"},
                                             {"--redis", "unix:/tmp/r.sock", "--ping-interval", "soon"},
                                             {"--redis", "unix:/tmp/r.sock", "--max-message", "0"}}) {
    testing::internal::CaptureStderr();
    const auto got = read(flags);
    const auto line = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(std::holds_alternative<int>(got));
    EXPECT_EQ(std::get<int>(got), 2);
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
  }
}

}  // namespace
}  // namespace gateway

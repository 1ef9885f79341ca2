#include "reference-server/ops/endpoint.hpp"
#include "reference-server/ops/exposition.hpp"
#include "reference-server/ops/flags.hpp"
#include "reference-server/ops/log.hpp"
#include "reference-server/ops/ready.hpp"

#include <gtest/gtest.h>
#include <prometheus/histogram.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace ops {
namespace {

TEST(Endpoint, ReadsAndWrites) {
  for (std::string text : {"127.0.0.1:8080", "[::1]:0", "0.0.0.0:65535"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(to_string(*endpoint), text);
  }
  EXPECT_EQ(to_string(*parse_endpoint("localhost:1")), "127.0.0.1:1");
  for (std::string text : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:1x",
                           "::1:80", "example.com:80", "[127.0.0.1]:1", ":8080"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

std::optional<int> parse(common_flags& flags, std::vector<const char*> arguments) {
  CLI::App app("test", "rollcall-test");
  add_common_flags(app, flags);
  arguments.insert(arguments.begin(), "rollcall-test");
  return parse_flags(app, static_cast<int>(arguments.size()), arguments.data());
}

TEST(Flags, TakesTheCommonOnes) {
  common_flags flags;
  const auto code = parse(flags, {"--listen", "127.0.0.1:0", "--admin-listen=[::1]:9", "--redis", "unix:/tmp/r.sock",
                                  "--name", "api1", "--log-level", "warn", "--ready-fd", "3"});
  EXPECT_FALSE(code);
  EXPECT_EQ(to_string(flags.listen), "127.0.0.1:0");
  ASSERT_TRUE(flags.admin_listen);
  EXPECT_EQ(to_string(*flags.admin_listen), "[::1]:9");
  EXPECT_EQ(flags.redis, "unix:/tmp/r.sock");
  EXPECT_EQ(flags.ready_fd, 3);
}

TEST(Flags, RefusesWithOneLineAndCode2) {
  for (std::vector<const char*> arguments :
       std::vector<std::vector<const char*>>{{"--redis", "x", "--listen", "nowhere"},
                                             {"--redis", "x", "--nonsense"},
                                             {"--redis", "x", "--name", "API 1"},
                                             {"--redis", "x", "--log-level", "loud"},
                                             {"--redis", "x", "--ready-fd", "-4"},
                                             {}}) {
    common_flags flags;
    testing::internal::CaptureStderr();
    EXPECT_EQ(parse(flags, arguments), 2);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_EQ(said.rfind("rollcall-test: ", 0), 0U) << said;
  }
}

TEST(Flags, HelpAndVersionEndWithZero) {
  common_flags flags;
  testing::internal::CaptureStdout();
  EXPECT_EQ(parse(flags, {"--help"}), 0);
  EXPECT_EQ(parse(flags, {"--version"}), 0);
  EXPECT_NE(testing::internal::GetCapturedStdout().find("rollcall-test 0.1.0"), std::string::npos);
}

TEST(Flags, SecretComesFromTheEnvironment) {
  common_flags flags;
  std::string problem;
  ::setenv("ROLLCALL_SECRET", "short", 1);
  EXPECT_FALSE(load_secret(flags, problem));
  EXPECT_NE(problem.find("32 bytes"), std::string::npos);
  EXPECT_EQ(problem.find("short;"), std::string::npos);
  ::setenv("ROLLCALL_SECRET", "0123456789abcdef0123456789abcdef", 1);
  EXPECT_EQ(load_secret(flags, problem), "0123456789abcdef0123456789abcdef");
  ::unsetenv("ROLLCALL_SECRET");
  EXPECT_FALSE(load_secret(flags, problem));
  flags.secret_file = "/nonexistent";
  EXPECT_FALSE(load_secret(flags, problem));
}

TEST(Log, WritesOneObjectPerLineWithoutTokens) {
  testing::internal::CaptureStderr();
  start_log("api1", "info");
  log_debug("unseen");
  log_info("asked", {{"target", "/ws?access_token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln&x=1"}, {"n", 7}, {"q", "\"\n"}});
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(said.find("unseen"), std::string::npos);
  EXPECT_EQ(said.find("c2ln"), std::string::npos);
  EXPECT_NE(
      said.find(R"("process":"api1","event":"asked","target":"/ws?access_token=[token]&x=1","n":7,"q":"\"\u000a"})"),
      std::string::npos)
      << said;
}

TEST(Exposition, WritesFamiliesWithHelpTypeAndLabels) {
  prometheus::Histogram seen{{0.5, 1}};
  for (const double value : {0.1, 0.2, 0.7, 9.0}) {
    seen.Observe(value);
  }
  exposition shown;
  shown.counter("a_total", "A", 7, {{"kind", "x\"y"}});
  shown.counter("a_total", "A", 9007199254740991, {{"kind", "z"}});
  shown.gauge("b", "B", 0.5);
  shown.histogram("c_seconds", "C", seen);
  EXPECT_EQ(
      shown.text(),
      "# HELP a_total A\n# TYPE a_total counter\na_total{kind=\"x\\\"y\"} 7\na_total{kind=\"z\"} 9007199254740991\n"
      "# HELP b B\n# TYPE b gauge\nb 0.5\n"
      "# HELP c_seconds C\n# TYPE c_seconds histogram\nc_seconds_count 4\nc_seconds_sum 10\n"
      "c_seconds_bucket{le=\"0.5\"} 2\nc_seconds_bucket{le=\"1\"} 3\nc_seconds_bucket{le=\"+Inf\"} 4\n");
}

TEST(Ready, WritesOneLineAndCloses) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  report_ready(ends[1], *parse_endpoint("127.0.0.1:1"), parse_endpoint("127.0.0.1:2"));
  char buffer[200];
  const auto size = ::read(ends[0], buffer, sizeof buffer);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(size)),
            "{\"listen\":\"127.0.0.1:1\",\"admin\":\"127.0.0.1:2\"}\n");
  EXPECT_EQ(::read(ends[0], buffer, sizeof buffer), 0);
  ::close(ends[0]);
  report_ready(-1, {}, std::nullopt);
}

}  // namespace
}  // namespace ops

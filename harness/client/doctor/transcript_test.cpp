// What the doctor shows of the wire: every request and answer, and nowhere a secret, also where a server gives it back.
#include "harness/client/doctor/transcript.hpp"

#include "harness/client/doctor/doctor.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/target/text_template.hpp"
#include "harness/client/test/server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace client::doctor {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* file = R"(schema: 1
name: t
base_url: http://127.0.0.1:{0}
socket: {{ url: "ws://127.0.0.1:{0}/ws" }}
users:
  pattern: {{ columns: {{ name: "user${{n}}", password: "canary-password-${{n}}" }} }}
login:
  steps:
    - request: POST /login
      json: {{ name: "${{name}}", password: "${{password}}", key: "${{env.KEY}}" }}
      capture: {{ opens: /opens, uid: /uid }}
  id: "${{uid}}"
  headers: {{ X-Opens: "${{opens}}" }}
patience: 2s
)";

// Gives back what it is sent, in every answer to somebody whom it knows.
std::string echoing(const std::string& request) {
  if (request.find("not-a-token") != std::string::npos) return test::ok("{}", "401 Unauthorized");
  if (request.find("canary") == std::string::npos) return test::ok("{}");
  std::string body = R"({"opens":"canary-captured","uid":"number-7","refreshToken":"canary-unknown","you":")";
  append_json_escaped(body, request);
  body += "\"}";
  return fmt::format(
      "HTTP/1.1 200 OK\r\nSet-Cookie: kept=canary-cookie; Path=/\r\nX-Seen: canary-captured\r\nContent-Length: "
      "{}\r\n\r\n{}",
      body.size(), body);
}

std::vector<step> shown_by(std::function<void(test::peer&)> on_accept) {
  asio::io_context io{1};
  test::server server(io, std::move(on_accept));
  std::thread serving([&] { io.run(); });
  const auto of_environment = [](const std::string&) { return std::optional<std::string>("canary-environment"); };
  const auto read = parse_target(fmt::format(fmt::runtime(file), server.url().port), "t.yaml", {}, of_environment);
  examination found;
  if (read) found = examine(*read, {.transcript = true});
  io.stop();
  serving.join();
  return found.steps;
}

TEST(transcript, shows_requests_and_answers_without_any_secret) {
  const auto steps = shown_by(test::answering(echoing));
  ASSERT_GT(steps.size(), 3U);
  std::string all;
  for (const auto& each : steps) {
    all += each.said + "\n";
    if (each.why) all += each.why->what + "\n" + each.why->mend + "\n";
    for (const auto& line : each.transcript) all += line + "\n";
  }
  EXPECT_THAT(all, Not(HasSubstr("canary"))) << all;
  EXPECT_THAT(all, AllOf(HasSubstr("> POST /login\n"), HasSubstr("< Set-Cookie: kept=***; Path=/\n"),
                         HasSubstr("< X-Seen: ***\n"), HasSubstr("> X-Opens: ***\n"), HasSubstr("number-7"),
                         HasSubstr(R"("name":"user1")")));
  // Each address is asked for as it is written.
  EXPECT_THAT(all, AllOf(HasSubstr("> GET /ws\n"), Not(HasSubstr("/ws/ws"))));
}

TEST(transcript, of_a_server_that_hides_commands_for_a_terminal_is_harmless) {
  transcript wire;
  http::exchange came;
  came.status = 200;
  came.body = "a\x1b[2Jb\nc\r\n" + std::string(3000, 'd');
  wire.add("GET /x HTTP/1.1\r\nHost: h\r\n\r\n", came);
  const auto lines = wire.lines(mask());
  ASSERT_EQ(lines.size(), 6U) << testing::PrintToString(lines);
  EXPECT_THAT(lines, Contains("> GET /x"));
  EXPECT_EQ(lines[3], "< a [2Jb");
  EXPECT_THAT(lines[4], AllOf(HasSubstr("< c"), Not(HasSubstr("\r"))));
}

}  // namespace
}  // namespace client::doctor

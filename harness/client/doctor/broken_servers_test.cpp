// The doctor in front of servers that are broken, each in its own way: it names the one for what it is, within its
// deadline, and never blames the target file for it. The same with files that are wrong in front of a good server.
#include "harness/client/doctor/doctor.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/test/tls_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace client::doctor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

// A server in a thread of its own: examine() blocks.
class running_server {
 public:
  explicit running_server(std::function<void(test::peer&)> on_accept)
      : server_(std::make_unique<test::server>(io_, std::move(on_accept))),
        url_(server_->url()),
        thread_([this] { io_.run(); }) {}
  ~running_server() {
    asio::post(io_, [this] {
      server_.reset();
      io_.stop();
    });
    thread_.join();
  }
  std::uint16_t port() const { return url_.port; }

 private:
  asio::io_context io_{1};
  std::unique_ptr<test::server> server_;
  client::url url_;
  std::thread thread_;
};

target target_at(std::uint16_t rest, std::uint16_t socket) {
  const auto read =
      parse_target(fmt::format("schema: 1\nname: t\nbase_url: http://127.0.0.1:{}\n"
                               "socket: {{ url: \"ws://127.0.0.1:{}/ws\", kind: websocket }}\n"
                               "login: {{ jwt: {{ secret: 0123456789abcdef0123456789abcdef, ttl: 1h }} }}\n"
                               "patience: 1s\n",
                               rest, socket),
                   "t.yaml", {}, [](const std::string&) { return std::nullopt; });
  if (!read) throw std::runtime_error(to_string(read.error()));
  return *read;
}

// One chat and what was sent into it, in the shapes of the reference; sockets are answered 426.
std::string good_answer(const std::string& request, std::vector<std::string>& messages) {
  const std::string first = request.substr(0, request.find(" HTTP/1.1"));
  if (request.find("not-a-token") != std::string::npos) return test::ok("{}", "401 Unauthorized");
  const std::string chat = R"({"id":7,"participants":["a","b"],"created_at":"t"})";
  if (first == "GET /api/v1/chats/") return test::ok(R"({"results":[)" + chat + R"(],"next":null})");
  if (first == "POST /api/v1/chats/") return test::ok(chat, "201 Created");
  if (first == "POST /api/v1/chats/7/messages/") {
    boost::system::error_code error;
    const auto sent = boost::json::parse(request.substr(request.find("\r\n\r\n") + 4), error);
    const auto* body = sent.is_object() ? sent.get_object().if_contains("body") : nullptr;
    if (body == nullptr || !body->is_string()) return test::ok("{}", "400 Bad Request");
    messages.push_back(fmt::format(R"({{"id":{},"chat_id":7,"sender":"a","recipient":"b","body":{},"created_at":"t"}})",
                                   messages.size() + 1, boost::json::serialize(*body)));
    return test::ok(messages.back(), "201 Created");
  }
  if (first.starts_with("GET /api/v1/chats/7/messages/")) {
    return test::ok(fmt::format(R"({{"results":[{}],"next":null}})", fmt::join(messages, ",")));
  }
  return test::ok("{}", first.starts_with("GET /ws") ? "426 Upgrade Required" : "404 Not Found");
}

std::function<void(test::peer&)> good_server() {
  return test::answering([messages = std::make_shared<std::vector<std::string>>()](const std::string& request) {
    return good_answer(request, *messages);
  });
}

std::string page_answer(std::string_view status, std::string_view text, std::string_view more = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: text/html\r\n{}Content-Length: {}\r\n\r\n{}", status, more,
                     text.size(), text);
}

std::function<void(test::peer&)> always(std::string answer) {
  return test::answering([answer = std::move(answer)](const std::string&) { return answer; });
}

struct broken_server {
  const char* name;
  std::function<void(test::peer&)> on_accept;
  culprit who;
  const char* step;  // the one that fails
  const char* what;
};

std::ostream& operator<<(std::ostream& out, const broken_server& each) {
  return out << each.name;
}

class broken_servers : public testing::TestWithParam<broken_server> {};

TEST_P(broken_servers, is_named_for_what_it_is_within_its_deadline) {
  const running_server server(GetParam().on_accept);
  const auto began = std::chrono::steady_clock::now();
  const auto found = examine(target_at(server.port(), server.port()), {});
  EXPECT_LT(std::chrono::steady_clock::now() - began, 15s);
  const step* failure = found.first_failure();
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->name, GetParam().step);
  EXPECT_EQ(failure->why->who, GetParam().who) << failure->said;
  EXPECT_THAT(failure->said, HasSubstr(GetParam().what));
  EXPECT_THAT(failure->why->mend, testing::Not(IsEmpty()));
  EXPECT_FALSE(found.healthy());

  // The steps before a run stop at the same; but to let anybody in is for a suite to find.
  const auto first = smoke(target_at(server.port(), server.port()), {});
  if (GetParam().name == std::string_view("lets_anybody_in")) {
    EXPECT_TRUE(!first || first->name != "users") << first->said;
    return;
  }
  ASSERT_TRUE(first);
  EXPECT_EQ(first->name, GetParam().step);
  EXPECT_EQ(first->why->who, GetParam().who) << first->said;
}

const std::string mid_body = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":";

INSTANTIATE_TEST_SUITE_P(
    all, broken_servers,
    testing::Values(
        broken_server{"half_open", [](test::peer&) {}, culprit::server, "base_url", "no whole answer in time"},
        broken_server{"slow", [](test::peer& p) { p.on_bytes = [](test::peer& it) { it.write("HTTP/1.1 200"); }; },
                      culprit::server, "base_url", "no whole answer in time"},
        broken_server{"garbage",
                      [](test::peer& p) { p.on_bytes = [](test::peer& it) { it.write("SSH-2.0-OpenSSH\r\n"); }; },
                      culprit::server, "base_url", "does not speak HTTP"},
        broken_server{"closes_in_mid_body",
                      [](test::peer& p) {
                        p.on_bytes = [](test::peer& it) {
                          it.write(mid_body);
                          it.finish();
                        };
                      },
                      culprit::server, "base_url", "inside the answer"},
        broken_server{"resets", [](test::peer& p) { p.on_bytes = [](test::peer& it) { it.reset(); }; }, culprit::server,
                      "base_url", "broke the connection"},
        broken_server{"ten_megabytes", always(test::ok("\"" + std::string(10'000'000, 'x') + "\"")), culprit::server,
                      "users", "10 MB"},
        broken_server{"redirects_for_ever", always(page_answer("302 Found", "", "Location: /\r\n")), culprit::server,
                      "base_url", "sends on and on"},
        broken_server{"firewall",
                      always(page_answer("403 Forbidden", "<html>Access denied</html>", "Server: shield\r\n")),
                      culprit::server, "users", "firewall or proxy"},
        broken_server{"rate_limit", always(test::ok("{}", "429 Too Many Requests")), culprit::server, "users", "429"},
        broken_server{"bad_gateway", always(page_answer("502 Bad Gateway", "<html>nginx</html>", "Server: nginx\r\n")),
                      culprit::server, "users", "502 (Server: nginx)"},
        broken_server{"log_in_page", always(page_answer("200 OK", "<html><input type=password></html>")), culprit::file,
                      "users", "log-in page"},
        broken_server{"lets_anybody_in", always(test::ok(R"({"results":[],"next":null})")), culprit::server, "users",
                      "a credential that is none"},
        broken_server{"strips_upgrade", good_server(), culprit::server, "socket", "without Upgrade"}),
    [](const auto& each) { return each.param.name; });

TEST(broken_servers, that_is_down) {
  const auto found = examine(target_at(1, 1), {});
  ASSERT_NE(found.first_failure(), nullptr);
  EXPECT_EQ(found.first_failure()->why->who, culprit::server);
  EXPECT_THAT(found.first_failure()->said, HasSubstr("nobody answers there"));
}

struct bad_certificate {
  const char* name;
  const char* names;
  int days;
  bool known;  // to the client, as an authority
  const char* what;
};

std::ostream& operator<<(std::ostream& out, const bad_certificate& each) {
  return out << each.name;
}

class bad_certificates : public testing::TestWithParam<bad_certificate> {};

TEST_P(bad_certificates, are_named_and_no_http_is_said) {
  asio::io_context io{1};
  const test::certificate own(GetParam().names, GetParam().days);
  std::atomic<bool> spoken{false};
  test::tls_server server(io, own, [&](std::string&) {
    spoken = true;
    return std::string();
  });
  target there = target_at(1, 1);
  there.base_urls = {server.url()};
  there.socket.urls = {server.url("wss", "/ws")};
  std::thread serving([&] { io.run(); });
  options asked;
  if (GetParam().known) asked.connections.ca_file = own.file();
  const auto found = examine(there, asked);
  const auto first = smoke(there, asked);
  io.stop();
  serving.join();
  const step* failure = found.first_failure();
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->name, "base_url");
  EXPECT_EQ(failure->why->who, culprit::server);
  EXPECT_THAT(failure->said, HasSubstr(GetParam().what));
  EXPECT_THAT(failure->why->mend, HasSubstr("--cacert"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->said, failure->said);
  EXPECT_FALSE(spoken);
}

INSTANTIATE_TEST_SUITE_P(
    all, bad_certificates,
    testing::Values(bad_certificate{"signed_by_itself", "IP:127.0.0.1", 1, false, "not trusted: self"},
                    bad_certificate{"expired", "IP:127.0.0.1", -1, true, "not trusted: certificate has expired"},
                    bad_certificate{"of_another_name", "IP:127.0.0.2", 1, true, "not trusted: IP address mismatch"}),
    [](const auto& each) { return each.param.name; });

TEST(doctor, blames_the_server_where_the_file_is_known_to_be_right) {
  const running_server server(test::answering([](const std::string& request) {
    std::vector<std::string> none;
    if (request.starts_with("POST /api/v1/chats/ ")) return test::ok("{}", "404 Not Found");
    return good_answer(request, none);
  }));
  const target there = target_at(server.port(), server.port());
  const auto doubted = smoke(there, {});
  ASSERT_TRUE(doubted);
  EXPECT_EQ(doubted->why->who, culprit::file);
  EXPECT_THAT(doubted->why->mend,
              testing::AllOf(HasSubstr("one of the two is wrong"), HasSubstr("(it was POST /api/v1/chats/)")));
  const auto known = smoke(there, {.file_is_right = true});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->name, "create");
  EXPECT_EQ(known->why->who, culprit::server);
  EXPECT_THAT(known->why->mend, HasSubstr("look into the server"));
}

TEST(doctor, skips_what_needs_a_step_that_failed) {
  const running_server server(good_server());
  const auto found = examine(target_at(server.port(), server.port()), {});
  std::vector<std::string> good, skipped;
  for (const auto& each : found.steps) {
    if (each.outcome == outcome::good) good.push_back(each.name);
    if (each.outcome == outcome::skipped) skipped.push_back(each.name);
  }
  // The little server shows its chat to everybody, which the stranger's step tells.
  EXPECT_THAT(good, testing::ElementsAre("base_url", "socket_url", "users", "create", "again", "list", "send",
                                         "history", "text", "bad_input"));
  EXPECT_THAT(skipped, testing::ElementsAre("ready", "receive", "echo", "offline", "disconnect"));
}

TEST(doctor, stops_between_steps_when_it_is_asked_to) {
  const running_server server(good_server());
  int asked = 0;
  const auto found = examine(target_at(server.port(), server.port()), {.stop = [&] { return ++asked > 2; }});
  EXPECT_EQ(std::ranges::count(found.steps, outcome::good, &step::outcome), 2);
  EXPECT_FALSE(found.healthy());
}

}  // namespace
}  // namespace client::doctor

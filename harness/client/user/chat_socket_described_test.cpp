// A chat socket by its description in a target file, against a server that does what the test says.
#include "harness/client/loop.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/user/user.hpp"
#include "harness/client/websocket/frame_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class DescribedSocketTest : public ::testing::Test {
 protected:
  // Accepts the upgrade, writes `greeting`, and answers each text of the client by answer_.
  void serve(std::string greeting = {}) {
    greeting_ = std::move(greeting);
    server_ = std::make_unique<test::server>(io_, [this](test::peer& accepted) {
      auto parser = std::make_shared<websocket::frame_parser>(websocket::peer::client);
      auto shaken = std::make_shared<bool>(false);
      accepted.on_bytes = [this, parser, shaken](test::peer& from) {
        if (!*shaken) {
          const auto request = from.take_request();
          if (!request) return;
          *shaken = true;
          request_ = *request;
          from.write(accept(*request));
          if (!greeting_.empty()) from.write(text(greeting_));
        }
        std::string_view input = from.received;
        websocket::frame got;
        while (parser->next(input, got) == websocket::frame_parser::step::frame) {
          if (got.op != websocket::opcode::text) continue;
          frames_.emplace_back(got.payload);
          const std::string answer = answer_ ? answer_(frames_.back()) : "";
          if (!answer.empty()) from.write(text(answer));
        }
        from.received.clear();
      };
    });
  }
  static std::string text(std::string_view payload) {
    return websocket::encode_frame(websocket::opcode::text, payload, std::nullopt);
  }
  static std::string accept(const std::string& request) {
    const auto at = request.find("Sec-WebSocket-Key: ") + 19;
    std::string out =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
        websocket::accept_for(request.substr(at, request.find("\r\n", at) - at)) + "\r\n";
    if (request.find("Sec-WebSocket-Protocol: ") != std::string::npos) out += "Sec-WebSocket-Protocol: chat.v1\r\n";
    return out + "\r\n";
  }

  chat_socket_options described(const std::string& socket) {
    const auto loaded = parse_target(
        "schema: 1\nname: c\nbase_url: http://127.0.0.1:8080\nlogin: { jwt: { secret: abc } }\nsocket:\n"
        "  url: ws://127.0.0.1:8081/\n" +
            socket,
        "t.yaml", {}, [](const std::string&) { return std::optional<std::string>(); });
    if (!loaded) throw std::runtime_error(to_string(loaded.error()));
    chat_socket_options out;
    out.described = std::make_shared<const socket_description>(loaded->socket);
    out.own.set("token", {"t 1", false});
    out.headers = {{"Authorization", "Bearer t 1"}};
    out.patience = 20s;
    return out;
  }
  void open(chat_socket_options options) {
    socket_ = std::make_unique<chat_socket>(
        io_, server_->url("ws", "/"), std::move(options),
        chat_handlers{
            .on_ready = [this](time_point) { log_.emplace_back("ready"); },
            .on_message = [this](const message& got, std::string_view,
                                 time_point) { log_.push_back("message " + got.id + " " + got.body); },
            .on_other = [this](std::string_view frame, time_point) { log_.push_back("other " + std::string(frame)); },
            .on_end = [this](const websocket::end& end) { log_.push_back(end.summary()); },
            .on_mention = [this](std::string_view frame,
                                 time_point) { log_.push_back("mention " + std::string(frame)); }});
  }
  bool run_to(std::string_view entry) {
    return pump(
        io_, [&] { return !log_.empty() && log_.back() == entry; }, clock::now() + 20s);
  }

  asio::io_context io_;
  std::unique_ptr<test::server> server_;
  std::unique_ptr<chat_socket> socket_;
  std::string greeting_, request_;
  std::function<std::string(const std::string&)> answer_;
  std::vector<std::string> frames_, log_;
};

TEST_F(DescribedSocketTest, TheFirstRequestIsFilledIn) {
  serve();
  auto options = described(R"(  kind: websocket
  path: live/${token|url}/
  query: { token: "${token}", gone: "${cursor}" }
  headers: { Origin: "http://shop.test", Authorization: null, X-Token: "${token}" }
  protocols: [chat.v1]
  ready: open
)");
  options.query = "more=1";
  open(std::move(options));
  ASSERT_TRUE(run_to("ready"));
  EXPECT_THAT(request_, HasSubstr("GET /live/t%201/?token=t%201&more=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request_, HasSubstr("Origin: http://shop.test\r\n"));
  EXPECT_THAT(request_, HasSubstr("X-Token: t 1\r\n"));
  EXPECT_THAT(request_, HasSubstr("Sec-WebSocket-Protocol: chat.v1\r\n"));
  EXPECT_THAT(request_, Not(HasSubstr("Authorization")));
}

TEST_F(DescribedSocketTest, SaysWhatHasToBeSaidThenHears) {
  serve(R"({"event":"hello"})");
  answer_ = [](const std::string& got) {
    if (got == R"({"event":"subscribe","token":"t 1"})") return R"({"event":"subscribed"})";
    return got == "\"more\"" ? R"({"event":"post","data":"{\"id\":7,\"text\":\"hi\"}"})" : R"({"event":"list"})";
  };
  open(described(R"(  kind: websocket
  handshake: [{ expect: { event: hello } }, { send: { event: subscribe, token: "${token}" } }]
  ready: { when: { event: subscribed } }
  message: { when: { event: post }, unwrap: [/data], id: /data/id, text: /data/text }
  mentions: [{ when: { event: list } }]
)"));
  ASSERT_TRUE(run_to("ready"));
  EXPECT_EQ(log_.front(), R"(other {"event":"hello"})");
  EXPECT_TRUE(socket_->ready());
  socket_->say("\"more\"");
  ASSERT_TRUE(run_to("message 7 hi"));
  socket_->say("\"again\"");
  ASSERT_TRUE(run_to(R"(mention {"event":"list"})"));
}

TEST_F(DescribedSocketTest, ChatsAreJoinedBeforeItIsReadyAndLater) {
  serve();
  answer_ = [](const std::string& got) { return R"({"joined":)" + got.substr(got.find(':') + 1); };
  auto options = described(R"(  kind: websocket
  join: [{ send: { join: "${chat.id}" } }, { expect: { pointer: /joined, equals: "${chat.id}" } }]
  ready: open
)");
  options.chats.resize(1);
  options.chats[0].chat.set("id", {"5", true});
  open(std::move(options));
  ASSERT_TRUE(run_to("ready"));
  EXPECT_EQ(frames_, std::vector<std::string>{R"({"join":5})"});
  frames::joining later;
  later.chat.set("id", {"6", true});
  socket_->join(std::move(later));
  EXPECT_FALSE(socket_->joined());
  ASSERT_TRUE(pump(
      io_, [&] { return socket_->joined(); }, clock::now() + 20s));
  EXPECT_EQ(frames_.back(), R"({"join":6})");
}

TEST_F(DescribedSocketTest, AUserJoinsItsChatsAndThoseThatAreMadeLater) {
  serve();
  answer_ = [](const std::string& got) { return R"({"joined":)" + got.substr(got.find(':') + 1); };
  auto loaded = parse_target(R"(schema: 1
name: c
base_url: http://127.0.0.1:1
users: { pattern: { count: 3, columns: { name: "user${n}" } } }
login: { jwt: { secret: abc } }
rest:
  create_chat: { id: "${peer.name}" }
  send: { request: "POST /to/${chat.id}", json: { text: "${text}" }, id: /id }
socket:
  url: ws://127.0.0.1:1/
  kind: websocket
  join: [{ send: { join: "${chat.id}" } }, { expect: { pointer: /joined, equals: "${peer.name}" } }]
  ready: open
)",
                             "t.yaml", {}, [](const std::string&) { return std::optional<std::string>(); });
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  loaded->socket.urls = {server_->url("ws", "/")};
  const auto target = std::make_shared<const client::target>(std::move(*loaded));
  user one(io_, target, "", {.row = 0}), two(io_, target, "", {.row = 1}), three(io_, target, "", {.row = 2});
  const auto meet = [&](user& other) {
    const auto made =
        await<reply<chat>>(io_, clock::now() + 20s, [&](auto done) { one.create_chat(other, std::move(done)); });
    ASSERT_TRUE(made && made->ok());
  };
  meet(two);
  const auto socket = one.open_socket({});
  ASSERT_TRUE(pump(
      io_, [&] { return socket->ready(); }, clock::now() + 20s));
  EXPECT_EQ(frames_, std::vector<std::string>{R"({"join":"user2"})"});
  meet(three);
  ASSERT_TRUE(pump(
      io_, [&] { return frames_.size() == 2 && socket->joined(); }, clock::now() + 20s));
  EXPECT_EQ(frames_.back(), R"({"join":"user3"})");
}

TEST_F(DescribedSocketTest, TheHeartbeatGoesOnByItself) {
  serve(R"({"s":4})");
  open(described(R"(  kind: websocket
  track: { seq: /s }
  heartbeat: { every: 20ms, send: { op: 1, d: "${seq}" } }
  ready: open
)"));
  ASSERT_TRUE(pump(
      io_, [&] { return frames_.size() >= 3; }, clock::now() + 20s));
  EXPECT_EQ(frames_.back(), R"({"op":1,"d":4})");
}

TEST_F(DescribedSocketTest, WhatIsMissingIsAnEndInWordsAndNotForStrangers) {
  serve();
  const std::string wants = "  kind: websocket\n  query: { t: \"x${offset}\" }\n  ready: open\n";
  open(described(wants));
  EXPECT_FALSE(socket_->ended()) << "told from the loop";
  ASSERT_TRUE(run_to("handshake refused: socket.query needs ${offset}, which has no value"));
  auto options = described(wants);
  options.anonymous = true;
  open(std::move(options));
  ASSERT_TRUE(run_to("ready"));
  EXPECT_THAT(request_, HasSubstr("GET / HTTP/1.1\r\n"));
}

TEST_F(DescribedSocketTest, SocketIoWithAcknowledgementsAndARefusal) {
  serve(R"(0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000})");
  std::string acknowledged = R"(430[null,{"room":"r"}])";
  answer_ = [&](const std::string& got) -> std::string {
    if (got.starts_with("40")) return R"(40/chat,{"sid":"n"})";
    if (got.starts_with("42/chat,0")) return "43/chat," + acknowledged.substr(2);
    return R"(42/chat,["new",{"id":"m1","text":"hi"}])";
  };
  const std::string how = R"(  kind: socketio
  transports: [websocket]
  path: /live/
  namespace: /chat
  auth: { token: "${token}" }
  handshake: [{ emit: [enter, 1], ack: { error_first: true, pointer: /room } }]
  ready: connect
  message: { when: { event: new }, id: /id, text: /text }
)";
  open(described(how));
  ASSERT_TRUE(run_to("ready"));
  EXPECT_THAT(request_, HasSubstr("GET /live/?EIO=4&transport=websocket HTTP/1.1\r\n"));
  EXPECT_EQ(frames_, (std::vector<std::string>{R"(40/chat,{"token":"t 1"})", R"(42/chat,0["enter",1])"}));
  EXPECT_EQ(socket_->raw(), nullptr);
  socket_->say(R"({"x":1})");
  ASSERT_TRUE(run_to("message m1 hi"));
  EXPECT_EQ(frames_.back(), R"(42/chat,["message",{"x":1}])");

  acknowledged = R"(430["not a member"])";
  open(described(how));
  ASSERT_TRUE(run_to(R"(handshake refused: acknowledged with "not a member")"));
  EXPECT_FALSE(socket_->ready());
}

}  // namespace
}  // namespace client

// Chats that sockets must join: the ones that were there before the socket, and those made while it is open.
#include "harness/client/loop.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/user/user.hpp"
#include "harness/client/websocket/frame_parser.hpp"
#include "harness/client/websocket/handshake.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace client {
namespace {

using namespace std::chrono_literals;

class JoinsTest : public ::testing::Test {
 protected:
  // Makes chats by POST, and answers {"join":X} on sockets with {"joined":X} once `answers_` says so.
  void SetUp() override {
    server_ = std::make_unique<test::server>(io_, [this](test::peer& accepted) {
      auto parser = std::make_shared<websocket::frame_parser>(websocket::peer::client);
      auto shaken = std::make_shared<bool>(false);
      accepted.on_bytes = [this, parser, shaken](test::peer& from) {
        while (!*shaken) {
          const auto request = from.take_request();
          if (!request) return;
          if (request->starts_with("POST")) {
            from.write(test::ok("{\"id\":" + std::to_string(++made_) + "}"));
            continue;
          }
          *shaken = true;
          const auto at = request->find("Sec-WebSocket-Key: ") + 19;
          from.write(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
              "Upgrade\r\nSec-WebSocket-Accept: " +
              websocket::accept_for(request->substr(at, request->find("\r\n", at) - at)) + "\r\n\r\n");
        }
        std::string_view input = from.received;
        websocket::frame got;
        while (parser->next(input, got) == websocket::frame_parser::step::frame) {
          if (got.op != websocket::opcode::text) continue;
          said_.emplace_back(got.payload);
          asked_ = &from;
          if (answers_) answer();
        }
        from.received.clear();
      };
    });
    auto loaded = parse_target("schema: 1\nname: c\nbase_url: " + server_->url().text() +
                                   "\nsocket:\n  url: " + server_->url("ws", "/").text() + R"(
  ready: open
  join: [{ send: { join: "${chat.id}" } }, { expect: { pointer: /joined, equals: "${chat.id}" } }]
  message: { id: /id }
login: none
rest:
  create_chat: { steps: [{ request: POST /c, capture: { room: /id } }], id: "${room}" }
  send: { request: POST /m, id: /id }
)",
                               "t.yaml", {}, [](const std::string&) { return std::optional<std::string>(); });
    if (!loaded) throw std::runtime_error(to_string(loaded.error()));
    target_ = std::make_shared<const target>(std::move(*loaded));
    alice_ = std::make_unique<user>(io_, target_, "alice");
    bob_ = std::make_unique<user>(io_, target_, "bob");
  }

  void answer() {
    std::string joined = said_.back();
    joined.replace(joined.find("join"), 4, "joined");
    asked_->write(websocket::encode_frame(websocket::opcode::text, joined, std::nullopt));
  }
  bool run(const std::function<bool()>& until) { return pump(io_, until, clock::now() + 20s); }

  asio::io_context io_;
  std::unique_ptr<test::server> server_;
  std::shared_ptr<const target> target_;
  std::unique_ptr<user> alice_, bob_;
  std::vector<std::string> said_;
  test::peer* asked_ = nullptr;
  bool answers_ = true;
  int made_ = 0;
};

TEST_F(JoinsTest, AChatIsThereOnceOpenSocketsHaveJoinedIt) {
  const auto socket = bob_->open_socket({});
  ASSERT_TRUE(run([&] { return socket->ready(); }));
  EXPECT_TRUE(said_.empty());
  answers_ = false;
  bool there = false;
  alice_->create_chat(*bob_, [&](const reply<chat>& made) { there = made.ok(); });
  ASSERT_TRUE(run([&] { return !said_.empty(); }));
  EXPECT_EQ(said_.back(), R"({"join":1})");
  pump_ready(io_);
  EXPECT_FALSE(there);  // made, and nothing is timed before it is joined
  answer();
  EXPECT_TRUE(run([&] { return there; }));
}

TEST_F(JoinsTest, ASocketIsReadyOnceItHasJoinedTheChatsThatThereAre) {
  bool there = false;
  alice_->create_chat(*bob_, [&](const reply<chat>& made) { there = made.ok(); });
  ASSERT_TRUE(run([&] { return there; }));
  answers_ = false;
  const auto socket = bob_->open_socket({});
  ASSERT_TRUE(run([&] { return !said_.empty(); }));
  pump_ready(io_);
  EXPECT_FALSE(socket->ready());
  answer();
  EXPECT_TRUE(run([&] { return socket->ready(); }));
}

}  // namespace
}  // namespace client

#include "harness/client/user/chat_socket.hpp"

#include "harness/client/loop.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/user/user.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client {
namespace {

using namespace std::chrono_literals;

std::string frame_of(std::string_view text) {
  return websocket::encode_frame(websocket::opcode::text, text, std::nullopt);
}

class ChatSocketTest : public ::testing::Test {
 protected:
  void serve(const std::string& frames) {
    server_ = std::make_unique<test::server>(io_, [this, frames](test::peer& accepted) {
      accepted.on_bytes = [this, frames](test::peer& from) {
        const auto request = from.take_request();
        if (!request) return;
        requests_.push_back(*request);
        const auto at = request->find("Sec-WebSocket-Key: ") + 19;
        from.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
            websocket::accept_for(request->substr(at, request->find("\r\n", at) - at)) + "\r\n\r\n" + frames);
      };
    });
  }
  chat_handlers noting() {
    return {
        .on_open = [this](time_point) { log_.emplace_back("open"); },
        .on_ready = [this](time_point) { log_.emplace_back("ready"); },
        .on_message = [this](const message& got, std::string_view, time_point) { log_.push_back("message " + got.id); },
        .on_other = [this](std::string_view frame, time_point) { log_.push_back("other " + std::string(frame)); },
        .on_end = [this](const websocket::end& end) { log_.push_back(end.summary()); }};
  }
  bool run_to(std::size_t entries) {
    return pump(
        io_, [&] { return log_.size() >= entries; }, clock::now() + 20s);
  }

  asio::io_context io_;
  std::unique_ptr<test::server> server_;
  std::vector<std::string> requests_;
  std::vector<std::string> log_;
};

TEST_F(ChatSocketTest, EventsNoiseAndEnd) {
  serve(frame_of(R"({"event":"hello"})") + frame_of(R"({"event":"ready","data":{"user":"bob"}})") +
        frame_of(R"({"event":"message","data":{"id":5,"body":"x"}})") + frame_of(R"({"event":"message","data":{}})") +
        frame_of(R"({"event":"ready","data":{"user":"bob"}})") +
        websocket::encode_frame(websocket::opcode::binary, "bin", std::nullopt) +
        websocket::encode_close(1001, "", std::nullopt));
  chat_socket socket(io_, server_->url("ws", "/ws"), websocket::socket_options{}, noting());
  EXPECT_FALSE(socket.ready());
  ASSERT_TRUE(run_to(8));
  EXPECT_EQ(log_,
            (std::vector<std::string>{
                "open", R"(other {"event":"hello"})", "ready", "message 5", R"(other {"event":"message","data":{}})",
                R"(other {"event":"ready","data":{"user":"bob"}})", "other bin", "closed by the peer with 1001"}));
  EXPECT_FALSE(socket.ready());
  ASSERT_TRUE(socket.ready_at());
  EXPECT_LE(socket.started(), *socket.ready_at());
  ASSERT_TRUE(socket.ended());
  EXPECT_LE(*socket.ready_at(), socket.ended()->at);
}

TEST_F(ChatSocketTest, AUserOpensWithItsTokenOrWithout) {
  serve(frame_of(R"({"event":"ready","data":{"user":"alice"}})"));
  auto described = std::make_shared<target>();
  described->base_urls = {server_->url()};
  described->socket.urls = {server_->url("ws", "/ws?x=1")};
  described->login.secret = "secret";
  user alice(io_, described, "alice");
  const auto one = alice.open_socket(noting());
  ASSERT_TRUE(run_to(2));
  EXPECT_TRUE(one->ready());
  EXPECT_TRUE(requests_[0].starts_with("GET /ws?x=1 HTTP/1.1\r\n"));
  EXPECT_NE(requests_[0].find("Authorization: Bearer " + alice.token()), std::string::npos);
  const auto two = alice.open_socket(noting(), {.credential = no_credential{}});
  ASSERT_TRUE(run_to(4));
  EXPECT_EQ(requests_[1].find("Authorization"), std::string::npos);
  EXPECT_TRUE(one->ready() && two->ready());
}

TEST_F(ChatSocketTest, SocketsGoRoundTheUrls) {
  serve("");
  auto described = std::make_shared<target>();
  described->base_urls = {server_->url()};
  described->socket.urls = {server_->url("ws", "/a"), server_->url("ws", "/b")};
  described->login.secret = "secret";
  user alice(io_, described, "alice");
  std::vector<std::unique_ptr<chat_socket>> sockets;
  for (int i = 0; i < 4; ++i) sockets.push_back(alice.open_socket(noting()));
  ASSERT_TRUE(run_to(4));
  int a = 0;
  for (const std::string& request : requests_) a += request.starts_with("GET /a ") ? 1 : 0;
  EXPECT_EQ(a, 2);
}

TEST_F(ChatSocketTest, MayBeDestroyedInAHandler) {
  serve(frame_of(R"({"event":"ready","data":{}})") + frame_of(R"({"event":"message","data":{"id":5}})"));
  std::unique_ptr<chat_socket> socket;
  chat_handlers handlers = noting();
  handlers.on_ready = [&](time_point) { socket.reset(); };
  socket = std::make_unique<chat_socket>(io_, server_->url("ws", "/ws"), websocket::socket_options{}, handlers);
  ASSERT_TRUE(pump(
      io_, [&] { return socket == nullptr; }, clock::now() + 20s));
  pump_ready(io_);
  EXPECT_EQ(log_, std::vector<std::string>{"open"});
}

}  // namespace
}  // namespace client

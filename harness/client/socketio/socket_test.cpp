#include "harness/client/socketio/socket.hpp"

#include "harness/client/loop.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/websocket/frame_parser.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace client::socketio {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view shaken =
    R"(0{"sid":"s1","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100})";
constexpr std::string_view joined_packets = R"(40{"sid":"n"})";

// A server of one session that holds polls until something is due, and does with a WebSocket what the test says.
class SocketioSocketTest : public ::testing::Test {
 protected:
  void serve() {
    server_ = std::make_unique<test::server>(io_, [this](test::peer& accepted) {
      auto parser = std::make_shared<websocket::frame_parser>(websocket::peer::client);
      accepted.on_bytes = [this, parser](test::peer& from) {
        if (websocket_ == &from) return on_frames(from, *parser);
        while (const auto request = from.take_request()) on_request(from, *request);
      };
    });
  }

  void on_request(test::peer& from, const std::string& request) {
    requests_.push_back(request);
    if (request.find("Upgrade: websocket") != std::string::npos) {
      if (refuse_websocket_) return from.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      const auto at = request.find("Sec-WebSocket-Key: ") + 19;
      websocket_ = &from;
      from.write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
          websocket::accept_for(request.substr(at, request.find("\r\n", at) - at)) + "\r\n\r\n");
      if (on_websocket_) on_websocket_();
    } else if (request.starts_with("POST")) {
      const std::string body = request.substr(request.find("\r\n\r\n") + 4);
      posts_.push_back(body);
      from.write(test::ok("ok"));
      if (on_post_) on_post_(body);
    } else if (request.find("sid=") == std::string::npos) {
      from.write(opening_.empty() ? test::ok(shaken) : opening_);
    } else {
      ++polls_;
      held_ = &from;
      release();
    }
  }

  void on_frames(test::peer& from, websocket::frame_parser& parser) {
    std::string_view input = from.received;
    websocket::frame got;
    while (parser.next(input, got) == websocket::frame_parser::step::frame) {
      frames_.push_back(got.op == websocket::opcode::close ? "close" : std::string(got.payload));
      if (on_frame_) on_frame_(frames_.back());
    }
    from.received.clear();
  }

  void due(std::string_view packet) {
    due_ += (due_.empty() ? "" : "\x1e") + std::string(packet);
    release();
  }
  void release() {
    if (held_ == nullptr || due_.empty()) return;
    std::exchange(held_, nullptr)->write(test::ok(std::exchange(due_, {})));
  }
  void send(std::string_view text) {
    websocket_->write(websocket::encode_frame(websocket::opcode::text, text, std::nullopt));
  }
  // As the usual server: joins, answers the probe, releases the poll.
  void behave() {
    on_post_ = [this](const std::string& body) {
      if (body.find("40") == 0) due(joined_packets);
    };
    on_frame_ = [this](const std::string& text) {
      if (text != "2probe") return;
      send("3probe");
      due("6");
    };
  }

  void connect(socket_options options = {}) {
    options.patience = patience_;
    socket_handlers handlers;
    handlers.on_open = [this](time_point) { log_.emplace_back("open"); };
    handlers.on_connect = [this](std::string_view json, time_point) { log_.push_back("connect " + std::string(json)); };
    handlers.on_event = [this](std::string_view list, std::optional<std::uint64_t> ack, time_point) {
      log_.push_back("event " + std::string(list) + (ack ? " asks " + std::to_string(*ack) : ""));
      if (on_event_) on_event_();
    };
    handlers.on_acknowledged = [this](std::uint64_t ack, std::string_view list, time_point) {
      log_.push_back("answer " + std::to_string(ack) + " " + std::string(list));
    };
    handlers.on_end = [this](const websocket::end& end) {
      end_ = end;
      log_.push_back(end.summary());
    };
    socket_ =
        std::make_unique<socket>(io_, server_->url("ws", "/socket.io/?v=1"), std::move(options), std::move(handlers));
  }
  bool run(const std::function<bool()>& until) { return pump(io_, until, clock::now() + 20s); }
  bool run_to(std::string_view entry) {
    return run([&] { return !log_.empty() && log_.back() == entry; });
  }
  bool run_to_end() {
    return run([this] { return end_.has_value(); });
  }
  bool switched() {
    return run([this] { return socket_->on_websocket() && !frames_.empty() && frames_.back() == "5"; });
  }

  asio::io_context io_;
  std::unique_ptr<test::server> server_;
  std::unique_ptr<socket> socket_;
  std::chrono::milliseconds patience_ = 20s;
  std::vector<std::string> requests_, posts_, frames_, log_;
  test::peer* held_ = nullptr;
  test::peer* websocket_ = nullptr;
  std::string due_, opening_;
  int polls_ = 0;
  bool refuse_websocket_ = false;
  std::function<void(const std::string&)> on_post_, on_frame_;
  std::function<void()> on_websocket_, on_event_;
  std::optional<websocket::end> end_;
};

TEST_F(SocketioSocketTest, BeginsByPollingAndGoesOverInOrder) {
  serve();
  behave();
  connect({.session = {.auth = R"({"token":"t"})"}, .headers = {{"Authorization", "Bearer t"}}});
  ASSERT_TRUE(switched());
  EXPECT_EQ(log_, (std::vector<std::string>{"open", R"(connect {"sid":"n"})"}));
  EXPECT_EQ(posts_, std::vector<std::string>{R"(40{"token":"t"})"});
  EXPECT_EQ(frames_, (std::vector<std::string>{"2probe", "5"}));
  EXPECT_TRUE(requests_.front().starts_with("GET /socket.io/?v=1&EIO=4&transport=polling HTTP/1.1\r\n"))
      << requests_.front();
  for (const std::string& each : requests_) {
    EXPECT_NE(each.find("Authorization: Bearer t\r\n"), std::string::npos) << each;
    if (&each == &requests_.front()) continue;
    EXPECT_NE(each.find("&sid=s1"), std::string::npos) << each;
  }
  const int polls = polls_;
  send(R"(42["new",{"id":1}])");
  send("2");
  ASSERT_TRUE(run([&] { return frames_.back() == "3"; }));
  EXPECT_EQ(log_.back(), R"(event ["new",{"id":1}])");
  EXPECT_EQ(polls_, polls) << "no poll after the change";
  socket_->emit(R"(["q",1])", 0);
  ASSERT_TRUE(run([&] { return frames_.back() == R"(420["q",1])"; }));
  send("430[null]");
  ASSERT_TRUE(run_to("answer 0 [null]"));
}

TEST_F(SocketioSocketTest, WhatIsSentWhileItGoesOverComesAfterTheUpgrade) {
  serve();
  on_post_ = [this](const std::string& body) {
    if (body.find("40") == 0) due(joined_packets);
  };
  on_frame_ = [this](const std::string& text) {
    if (text == "2probe") send("3probe");  // the poll stays held
  };
  connect();
  ASSERT_TRUE(run_to(R"(connect {"sid":"n"})"));
  ASSERT_TRUE(run([this] { return !frames_.empty() && held_ != nullptr; }));
  pump_ready(io_);
  socket_->emit(R"(["late"])");
  due(R"(42["by poll"])");
  ASSERT_TRUE(run([this] { return frames_.size() == 3; }));
  EXPECT_EQ(frames_, (std::vector<std::string>{"2probe", "5", R"(42["late"])"}));
  EXPECT_EQ(log_.back(), R"(event ["by poll"])");
  EXPECT_EQ(posts_.size(), 1U);
}

TEST_F(SocketioSocketTest, StaysWithPollingWhenTheWebSocketIsRefused) {
  serve();
  refuse_websocket_ = true;
  behave();
  connect();
  ASSERT_TRUE(run_to(R"(connect {"sid":"n"})"));
  due("2");
  ASSERT_TRUE(run([this] { return posts_.back() == "3"; }));
  due(R"(42["a"])");
  ASSERT_TRUE(run_to(R"(event ["a"])"));
  EXPECT_FALSE(socket_->on_websocket());
  socket_->close();
  due("6");
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_->kind, websocket::end_kind::closed_by_us);
  EXPECT_EQ(posts_.back(),
            "41\x1e"
            "1");
}

TEST_F(SocketioSocketTest, WebSocketOnlyAndCloseCodes) {
  serve();
  on_websocket_ = [this] { send(R"(0{"sid":"s1","upgrades":[],"pingInterval":25000,"pingTimeout":20000})"); };
  on_frame_ = [this](const std::string& text) {
    if (text == "40/chat,") send(R"(40/chat,{"sid":"n"})");
  };
  connect({.session = {.name_space = "/chat"}, .polling = false});
  ASSERT_TRUE(run_to(R"(connect {"sid":"n"})"));
  EXPECT_EQ(requests_.size(), 1U);
  websocket_->write(websocket::encode_frame(websocket::opcode::text, "41/chat,", std::nullopt) +
                    websocket::encode_close(4401, "", std::nullopt));
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_->kind, websocket::end_kind::closed_by_peer);
  EXPECT_EQ(end_->code, 4401) << "the code that follows the farewell";
  EXPECT_EQ(end_->detail, "put out of the namespace");
}

TEST_F(SocketioSocketTest, ARefusalIsToldWithItsStatus) {
  serve();
  on_post_ = [this](const std::string& body) {
    if (body == "40") due(R"(44{"message":"not authorized","data":{"status":401}})");
  };
  connect({.websocket = false});
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_->kind, websocket::end_kind::refused);
  EXPECT_EQ(end_->status, 401);
  EXPECT_EQ(end_->detail, "not authorized");
  EXPECT_EQ(posts_.back(), "1") << "a client that was refused closes its session";
}

TEST_F(SocketioSocketTest, WhatTheServerDoesWrongIsTheEnd) {
  struct wrong {
    std::string opening;
    websocket::end_kind kind;
    int status;
  };
  for (const auto& [opening, kind, status] : std::vector<wrong>{
           {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", websocket::end_kind::refused, 401},
           {test::ok("<html>"), websocket::end_kind::protocol, 0},
           {test::ok(""), websocket::end_kind::protocol, 0},
           {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n0{", websocket::end_kind::error, 0}}) {
    serve();
    opening_ = opening;
    end_.reset();
    connect();
    if (kind == websocket::end_kind::error) {
      ASSERT_TRUE(run([&] { return !server_->peers.empty() && !requests_.empty(); }));
      pump_ready(io_);
      server_->peers.back()->finish();
    }
    ASSERT_TRUE(run_to_end());
    EXPECT_EQ(end_->kind, kind) << end_->summary();
    EXPECT_EQ(end_->status, status);
    requests_.clear();
  }
}

TEST_F(SocketioSocketTest, SilenceIsAnEnd) {
  serve();
  behave();
  opening_ = test::ok(R"(0{"sid":"s1","upgrades":[],"pingInterval":1200,"pingTimeout":800})");
  connect();
  ASSERT_TRUE(run_to(R"(connect {"sid":"n"})"));
  const auto heard = clock::now();
  due("2");
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_->kind, websocket::end_kind::timeout);
  EXPECT_EQ(end_->detail, "no ping in time");
  EXPECT_GE(end_->at, heard + 2s);
}

TEST_F(SocketioSocketTest, ANamespaceThatIsNotJoinedInTime) {
  serve();
  patience_ = 2s;
  connect({.websocket = false});
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_->kind, websocket::end_kind::timeout);
  EXPECT_EQ(end_->detail, "the namespace was not joined");
}

TEST_F(SocketioSocketTest, CookiesOfTheFirstAnswerComeBack) {
  serve();
  behave();
  opening_ =
      "HTTP/1.1 200 OK\r\nSet-Cookie: io=node2; Path=/; HttpOnly\r\nContent-Length: " + std::to_string(shaken.size()) +
      "\r\n\r\n" + std::string(shaken);
  connect({.headers = {{"Cookie", "session=x"}}});
  ASSERT_TRUE(switched());
  EXPECT_NE(requests_[0].find("Cookie: session=x\r\n"), std::string::npos);
  for (std::size_t i = 1; i < requests_.size(); ++i) {
    EXPECT_NE(requests_[i].find("Cookie: session=x; io=node2\r\n"), std::string::npos) << requests_[i];
  }
}

TEST_F(SocketioSocketTest, AbortTellsTheEndFromTheLoop) {
  serve();
  behave();
  connect();
  ASSERT_TRUE(switched());
  socket_->abort();
  EXPECT_FALSE(end_);
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_->kind, websocket::end_kind::aborted);
}

TEST_F(SocketioSocketTest, AHandlerMayDestroyIt) {
  serve();
  behave();
  connect();
  ASSERT_TRUE(switched());
  on_event_ = [this] { socket_.reset(); };
  websocket_->write(websocket::encode_frame(websocket::opcode::text, R"(42["a"])", std::nullopt) +
                    websocket::encode_frame(websocket::opcode::text, R"(42["b"])", std::nullopt));
  ASSERT_TRUE(run_to(R"(event ["a"])"));
  pump_ready(io_);
  EXPECT_EQ(log_.back(), R"(event ["a"])");
  EXPECT_FALSE(end_);
}

}  // namespace
}  // namespace client::socketio

// For the tests of the WebSocket: a server that accepts the handshake and then does what the test says, the socket
// under test, and what it told.
#pragma once

#include "harness/client/loop.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/websocket/frame_parser.hpp"
#include "harness/client/websocket/socket.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace client::websocket {

inline std::string accept_head(const std::string& request) {
  const auto at = request.find("Sec-WebSocket-Key: ") + 19;
  const std::string key = request.substr(at, request.find("\r\n", at) - at);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         accept_for(key) + "\r\n\r\n";
}

inline std::string text_frame(std::string_view text) {
  return encode_frame(opcode::text, text, std::nullopt);
}

// A server that accepts the handshake and then does what the test says; and what the client under test told.
class SocketTest : public ::testing::Test {
 protected:
  struct client_frame {
    opcode op;
    std::string payload;
  };

  // `then` runs when the handshake was accepted; `head` may replace the server's answer.
  void serve(std::function<void(test::peer&)> then, std::function<std::string(const std::string&)> head = accept_head) {
    server_ = std::make_unique<test::server>(io_, [this, then, head](test::peer& accepted) {
      auto parser = std::make_shared<frame_parser>(peer::client);
      auto shaken = std::make_shared<bool>(false);
      accepted.on_bytes = [this, then, head, parser, shaken](test::peer& from) {
        if (!*shaken) {
          const auto request = from.take_request();
          if (!request) return;
          request_ = *request;
          *shaken = true;
          from.write(head(*request));
          if (then) then(from);
        }
        std::string_view input = from.received;
        frame got;
        while (parser->next(input, got) == frame_parser::step::frame) {
          from_client_.push_back({got.op, std::string(got.payload)});
          if (on_client_frame_) on_client_frame_(from, from_client_.back());
        }
        client_error_ = parser->error();
        from.received.clear();
      };
    });
  }

  void connect(socket_options options = {}) {
    options.patience = patience_;
    socket_handlers handlers;
    handlers.on_open = [this](time_point at) {
      opened_ = at;
      if (on_open_) on_open_();
    };
    handlers.on_message = [this](opcode, std::string_view payload, time_point at) {
      messages_.emplace_back(payload);
      arrived_.push_back(at);
      if (on_message_) on_message_();
    };
    handlers.on_control = [this](opcode op, std::string_view, time_point) { controls_.push_back(op); };
    handlers.on_end = [this](const end& ended) {
      ++ends_;
      end_ = ended;
      if (on_end_) on_end_();
    };
    socket_ = std::make_unique<socket>(io_, server_->url("ws", "/ws"), std::move(options), std::move(handlers));
  }

  bool run(const std::function<bool()>& until) { return pump(io_, until, clock::now() + std::chrono::seconds(20)); }
  bool run_to_end() {
    return run([this] { return ends_ > 0; });
  }
  bool run_to_messages(std::size_t count) {
    return run([this, count] { return messages_.size() >= count; });
  }

  asio::io_context io_;
  std::unique_ptr<test::server> server_;
  std::unique_ptr<socket> socket_;
  std::chrono::milliseconds patience_ = std::chrono::seconds(20);
  std::string request_;
  std::vector<client_frame> from_client_;
  std::function<void(test::peer&, const client_frame&)> on_client_frame_;
  frame_error client_error_ = frame_error::none;
  std::optional<time_point> opened_;
  std::vector<std::string> messages_;
  std::vector<time_point> arrived_;
  std::vector<opcode> controls_;
  int ends_ = 0;
  end end_;
  std::function<void()> on_open_;
  std::function<void()> on_message_;
  std::function<void()> on_end_;
};

}  // namespace client::websocket

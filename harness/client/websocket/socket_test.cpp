#include "harness/client/websocket/socket.hpp"

#include "harness/client/loop.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/websocket/frame_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client::websocket {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

std::string accept_head(const std::string& request) {
  const auto at = request.find("Sec-WebSocket-Key: ") + 19;
  const std::string key = request.substr(at, request.find("\r\n", at) - at);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         accept_for(key) + "\r\n\r\n";
}

std::string text_frame(std::string_view text) {
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

  bool run(const std::function<bool()>& until) { return pump(io_, until, clock::now() + 20s); }
  bool run_to_end() {
    return run([this] { return ends_ > 0; });
  }
  bool run_to_messages(std::size_t count) {
    return run([this, count] { return messages_.size() >= count; });
  }

  asio::io_context io_;
  std::unique_ptr<test::server> server_;
  std::unique_ptr<socket> socket_;
  std::chrono::milliseconds patience_ = 20s;
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

TEST_F(SocketTest, OpensAndReceives) {
  serve([](test::peer& to) { to.write(text_frame("one") + text_frame("two")); });
  connect({.handshake = {.headers = {{"Authorization", "Bearer t"}}}});
  EXPECT_FALSE(socket_->is_open());
  ASSERT_TRUE(run_to_messages(2));
  EXPECT_TRUE(socket_->is_open());
  EXPECT_EQ(messages_, (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(request_.starts_with("GET /ws HTTP/1.1\r\n"));
  EXPECT_NE(request_.find("Authorization: Bearer t\r\n"), std::string::npos);
  EXPECT_LE(socket_->started(), *opened_);
  EXPECT_LE(*opened_, arrived_[0]);
  EXPECT_LE(arrived_[0], clock::now());
}

TEST_F(SocketTest, FramesInTheSegmentOfTheHandshake) {
  serve(nullptr, [](const std::string& request) { return accept_head(request) + text_frame("early"); });
  connect();
  ASSERT_TRUE(run_to_messages(1));
  EXPECT_EQ(messages_[0], "early");
}

TEST_F(SocketTest, DribbledHandshakeAndFrames) {
  server_ = std::make_unique<test::server>(io_, [](test::peer& accepted) {
    accepted.on_bytes = [](test::peer& from) {
      if (const auto request = from.take_request()) {
        from.dribble(accept_head(*request) + text_frame("héllo") +
                     encode_frame(opcode::text, "a", std::nullopt, false) +
                     encode_frame(opcode::ping, "p", std::nullopt) +
                     encode_frame(opcode::continuation, "b", std::nullopt) + text_frame(std::string(300, 'x')));
      }
    };
  });
  connect();
  ASSERT_TRUE(run_to_messages(3));
  EXPECT_EQ(messages_, (std::vector<std::string>{"héllo", "ab", std::string(300, 'x')}));
  EXPECT_EQ(controls_, std::vector<opcode>{opcode::ping});
}

TEST_F(SocketTest, AnswersPingsWithTheirPayload) {
  serve([](test::peer& to) { to.write(encode_frame(opcode::ping, "are you there", std::nullopt)); });
  connect();
  ASSERT_TRUE(run([this] { return !from_client_.empty(); }));
  EXPECT_EQ(from_client_[0].op, opcode::pong);
  EXPECT_EQ(from_client_[0].payload, "are you there");
}

TEST_F(SocketTest, SendsMaskedText) {
  serve(nullptr);
  on_open_ = [this] { socket_->send_text("hello"); };
  connect();
  ASSERT_TRUE(run([this] { return !from_client_.empty(); }));
  EXPECT_EQ(from_client_[0].op, opcode::text);
  EXPECT_EQ(from_client_[0].payload, "hello");
}

TEST_F(SocketTest, SendsWhatNoPeerShouldAccept) {
  serve(nullptr);
  on_open_ = [this] { socket_->send_bytes(encode_frame(opcode::text, "bare", std::nullopt)); };
  connect();
  ASSERT_TRUE(run([this] { return client_error_ != frame_error::none; }));
  EXPECT_EQ(client_error_, frame_error::not_masked);
}

TEST_F(SocketTest, ClosedByThePeer) {
  serve([](test::peer& to) { to.write(text_frame("last") + encode_close(1012, "resync", std::nullopt)); });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(messages_, std::vector<std::string>{"last"});
  EXPECT_EQ(end_.kind, end_kind::closed_by_peer);
  EXPECT_EQ(end_.code, 1012);
  EXPECT_EQ(end_.reason, "resync");
  EXPECT_TRUE(end_.clean);
  EXPECT_EQ(end_.summary(), "closed by the peer with 1012 'resync'");
  EXPECT_FALSE(socket_->is_open());
  // Our answer carries the same code.
  ASSERT_TRUE(run([this] { return !from_client_.empty(); }));
  EXPECT_EQ(from_client_[0].op, opcode::close);
  EXPECT_EQ(decode_close(from_client_[0].payload).code, 1012);
}

TEST_F(SocketTest, ClosedByUsDrainsWhatStillComes) {
  serve(nullptr);
  on_client_frame_ = [](test::peer& to, const client_frame& got) {
    if (got.op == opcode::close) to.write(text_frame("on its way") + encode_close(1000, "", std::nullopt));
  };
  time_point before_close;
  on_open_ = [&] {
    before_close = clock::now();
    socket_->close();
    EXPECT_FALSE(socket_->is_open());
  };
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::closed_by_us);
  EXPECT_TRUE(end_.clean);
  EXPECT_EQ(end_.code, 1000);
  EXPECT_EQ(messages_, std::vector<std::string>{"on its way"});
  EXPECT_GE(end_.at, before_close);
  EXPECT_LE(end_.at, arrived_[0]);  // the session ends before our close is written, not when it is answered
  EXPECT_LE(arrived_[0], end_.finished);
}

TEST_F(SocketTest, CloseThatIsNotAnswered) {
  patience_ = 100ms;
  serve(nullptr);
  on_open_ = [this] { socket_->close(); };
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::closed_by_us);
  EXPECT_FALSE(end_.clean);
}

TEST_F(SocketTest, EndWithoutACloseFrame) {
  serve([](test::peer& to) {
    to.write(text_frame("x"));
    to.finish();
  });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::eof);
  EXPECT_EQ(end_.code, 0);
  EXPECT_EQ(end_.detail, "");
  EXPECT_EQ(messages_.size(), 1U);
}

TEST_F(SocketTest, EndInTheMiddleOfAFrame) {
  serve([](test::peer& to) {
    to.write(text_frame("whole") + text_frame("cut").substr(0, 3));
    to.finish();
  });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::eof);
  EXPECT_EQ(end_.detail, "in the middle of a frame");
  EXPECT_EQ(messages_, std::vector<std::string>{"whole"});
}

TEST_F(SocketTest, EndInTheMiddleOfACloseFrame) {
  serve([](test::peer& to) {
    to.write(encode_close(1001, "going", std::nullopt).substr(0, 4));
    to.finish();
  });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::eof);
  EXPECT_EQ(end_.detail, "in the middle of a frame");
}

TEST_F(SocketTest, Reset) {
  serve(nullptr);
  on_open_ = [this] { server_->peers[0]->reset(); };
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::error);
  EXPECT_EQ(ends_, 1);
}

TEST_F(SocketTest, RefusedWithStatus) {
  serve(nullptr, [](const std::string&) {
    return "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"s;
  });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_FALSE(opened_);
  EXPECT_EQ(end_.kind, end_kind::refused);
  EXPECT_EQ(end_.status, 503);
  ASSERT_EQ(end_.headers.size(), 2U);
  EXPECT_EQ(end_.headers[0].value, "1");
  EXPECT_EQ(end_.summary(), "handshake refused with 503");
}

TEST_F(SocketTest, HandshakeThatIsGarbage) {
  serve(nullptr, [](const std::string&) { return "SSH-2.0-OpenSSH_9.2\r\n"s; });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::protocol);
  EXPECT_EQ(end_.detail, "the answer is not HTTP");
}

TEST_F(SocketTest, HandshakeCutOff) {
  serve([](test::peer& to) { to.finish(); }, [](const std::string&) { return "HTTP/1.1 101 Swi"s; });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::eof);
}

TEST_F(SocketTest, HandshakeWithoutAnswer) {
  patience_ = 100ms;
  serve(nullptr, [](const std::string&) { return "HTTP/1.1 1"s; });
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::timeout);
}

TEST_F(SocketTest, NobodyListens) {
  serve(nullptr);
  const url gone = server_->url("ws");
  server_.reset();
  socket s(io_, gone, {}, {.on_end = [this](const end& ended) {
             ++ends_;
             end_ = ended;
           }});
  EXPECT_EQ(ends_, 0);  // never from inside
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::error);
  EXPECT_NE(end_.detail.find("refused"), std::string::npos) << end_.detail;
}

TEST_F(SocketTest, ABrokenPeerIsToldWhy) {
  for (const auto& [bytes, code] :
       std::vector<std::pair<std::string, int>>{{"\x81\x80", 1002},
                                                {"\xC1", 1002},
                                                {"\x81\x02\xFF\xFF", 1007},
                                                {"\x82\x7F\x00\x00\x00\x00\xFF\x00\x00\x00"s, 1009}}) {
    ends_ = 0;
    from_client_.clear();
    serve([bytes = bytes](test::peer& to) { to.write(bytes); });
    connect();
    ASSERT_TRUE(run_to_end());
    EXPECT_EQ(end_.kind, end_kind::protocol);
    EXPECT_EQ(end_.code, code);
    ASSERT_TRUE(run([this] { return !from_client_.empty(); }));
    EXPECT_EQ(decode_close(from_client_[0].payload).code, code);
    socket_.reset();
  }
}

TEST_F(SocketTest, AbortResetsAndTellsOnce) {
  serve(nullptr);
  on_open_ = [this] {
    socket_->abort();
    socket_->abort();
    EXPECT_EQ(ends_, 0);
  };
  connect();
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::aborted);
  ASSERT_TRUE(run([this] { return server_->peers[0]->broken; }));
  EXPECT_EQ(ends_, 1);
}

TEST_F(SocketTest, MayBeDestroyedInAnyHandler) {
  for (int which = 0; which < 3; ++which) {
    messages_.clear();
    ends_ = 0;
    on_open_ = on_message_ = on_end_ = nullptr;
    const auto destroy = [this] { socket_.reset(); };
    (which == 0 ? on_open_ : which == 1 ? on_message_ : on_end_) = destroy;
    serve([](test::peer& to) { to.write(text_frame("a") + text_frame("b") + encode_close(1000, "", std::nullopt)); });
    connect();
    ASSERT_TRUE(run([this] { return socket_ == nullptr; }));
    ASSERT_TRUE(run([this] { return server_->peers[0]->eof || server_->peers[0]->broken; }));
    EXPECT_EQ(messages_.size(), which == 0 ? 0U : which == 1 ? 1U : 2U);
    EXPECT_EQ(ends_, which == 2 ? 1 : 0);
  }
}

TEST_F(SocketTest, PausedReadingHoldsMessagesBack) {
  serve(nullptr);
  connect();
  ASSERT_TRUE(run([this] { return opened_.has_value(); }));
  socket_->pause_reading();
  server_->peers[0]->write(text_frame("held"));
  pump_ready(io_);
  EXPECT_TRUE(messages_.empty());
  socket_->resume_reading();
  ASSERT_TRUE(run_to_messages(1));
}

// The handshake's answer is in the kernel when its deadline passes: it counts.
TEST_F(SocketTest, AnswerThatArrivedBeforeTheDeadlineCounts) {
  patience_ = 50ms;
  serve(nullptr);
  connect();
  ASSERT_TRUE(run([this] { return !request_.empty(); }));
  const auto late = socket_->started() + 60ms;
  while (clock::now() < late) {
  }
  ASSERT_TRUE(run([this] { return opened_ || ends_ > 0; }));
  EXPECT_TRUE(opened_) << end_.summary();
}

TEST_F(SocketTest, TlsIsRefusedInWords) {
  socket s(io_, *parse_url("wss://127.0.0.1:1/"), {}, {.on_end = [this](const end& ended) {
             ++ends_;
             end_ = ended;
           }});
  ASSERT_TRUE(run_to_end());
  EXPECT_EQ(end_.kind, end_kind::error);
  EXPECT_EQ(end_.detail, "TLS is not supported yet");
}

}  // namespace
}  // namespace client::websocket

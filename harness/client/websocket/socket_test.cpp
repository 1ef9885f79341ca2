#include "harness/client/test/socket_fixture.hpp"

#include <string>
#include <vector>

namespace client::websocket {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

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
}  // namespace
}  // namespace client::websocket

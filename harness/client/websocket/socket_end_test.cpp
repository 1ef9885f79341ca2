#include "harness/client/test/socket_fixture.hpp"

#include <string>
#include <vector>

namespace client::websocket {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

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
  EXPECT_LT(end_.at, arrived_[0]);  // the session ends before our close is written, not when it is answered
  EXPECT_LE(arrived_[0], end_.finished);
}

TEST_F(SocketTest, CloseThatIsNotAnswered) {
  patience_ = 2s;
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

// The answer gets into the kernel after the loop has collected the deadline's handler and before that handler runs:
// what a process sees that was paused. It counts.
TEST_F(SocketTest, AnswerThatArrivedBeforeTheDeadlineIsJudgedCounts) {
  patience_ = 1s;
  serve(nullptr, [](const std::string&) { return ""s; });
  connect();
  const auto deadline = socket_->started() + patience_;
  timer just_before(io_, deadline - 1ms);
  just_before.async_wait([&](const boost::system::error_code&) { server_->peers[0]->write(accept_head(request_)); });
  ASSERT_TRUE(run([this] { return !request_.empty(); }));
  while (clock::now() < deadline + 5ms) {
  }
  ASSERT_TRUE(run([this] { return opened_ || ends_ > 0; }));
  EXPECT_TRUE(opened_) << end_.summary();
}

}  // namespace
}  // namespace client::websocket

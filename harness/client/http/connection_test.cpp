#include "harness/client/http/connection.hpp"

#include "harness/client/loop.hpp"
#include "harness/client/test/server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace client::http {
namespace {

using namespace std::chrono_literals;
using test::ok;

class ConnectionTest : public ::testing::Test {
 protected:
  void serve(std::function<void(test::peer&)> on_accept) {
    server_ = std::make_unique<test::server>(io_, std::move(on_accept));
    connection_ = std::make_unique<connection>(io_, server_->url());
  }
  // Each accepted connection gets this as soon as a request came.
  void serve_request(std::function<void(test::peer&)> then) {
    serve([then](test::peer& accepted) {
      accepted.on_bytes = [then](test::peer& from) {
        if (from.take_request()) then(from);
      };
    });
  }

  exchange get(std::chrono::milliseconds patience = 20s, request what = {.method = "GET", .target = "/x"}) {
    const auto started = clock::now();
    auto got = await<exchange>(io_, started + patience + 20s, [&](auto done) {
      connection_->send(std::move(what), started, started + patience, done);
    });
    EXPECT_TRUE(got.has_value());
    if (!got) return {};
    EXPECT_EQ(got->started, started);
    if (got->first_byte_sent) {
      EXPECT_LE(got->started, *got->first_byte_sent);
      EXPECT_LE(*got->first_byte_sent, got->completed);
    }
    EXPECT_LE(got->completed, clock::now());
    return std::move(*got);
  }

  asio::io_context io_;
  std::unique_ptr<test::server> server_;
  std::unique_ptr<connection> connection_;
};

TEST_F(ConnectionTest, OneExchangeAfterTheOtherOnOneConnection) {
  std::vector<std::string> requests;
  serve(test::answering([&](const std::string& request) {
    requests.push_back(request);
    return ok("{\"n\":" + std::to_string(requests.size()) + "}");
  }));
  EXPECT_FALSE(connection_->warm());
  const exchange first = get();
  EXPECT_TRUE(first.success()) << first.summary();
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "{\"n\":1}");
  EXPECT_FALSE(first.reused);
  EXPECT_TRUE(connection_->warm());
  const exchange second = get(20s, {.method = "POST", .target = "/y", .body = "hi"});
  EXPECT_EQ(second.body, "{\"n\":2}");
  EXPECT_TRUE(second.reused);
  EXPECT_EQ(server_->peers.size(), 1U);
  EXPECT_TRUE(requests[1].ends_with("Content-Length: 2\r\n\r\nhi")) << requests[1];
}

TEST_F(ConnectionTest, DribbledAndChunked) {
  serve_request([](test::peer& to) {
    to.dribble("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
  });
  const exchange got = get();
  EXPECT_EQ(got.body, "abcdef");
  EXPECT_TRUE(connection_->warm());
}

TEST_F(ConnectionTest, TruncatedByTheEnd) {
  serve_request([](test::peer& to) {
    to.write("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc");
    to.finish();
  });
  const exchange got = get();
  EXPECT_EQ(got.failure, failure::truncated);
  EXPECT_EQ(got.status, 201);
  EXPECT_FALSE(got.success());
}

TEST_F(ConnectionTest, TruncatedByAReset) {
  bool half = false;
  serve_request([&](test::peer& to) {
    to.write("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc");
    half = true;
  });
  std::optional<exchange> got;
  connection_->send({}, clock::now(), clock::now() + 20s, [&](exchange result) { got = std::move(result); });
  ASSERT_TRUE(pump(
      io_, [&] { return half; }, clock::now() + 20s));
  pump_ready(io_);  // the beginning of the answer has been read
  server_->peers[0]->reset();
  ASSERT_TRUE(pump(
      io_, [&] { return got.has_value(); }, clock::now() + 20s));
  EXPECT_EQ(got->failure, failure::truncated) << got->summary();
  EXPECT_EQ(got->status, 201);
}

TEST_F(ConnectionTest, ClosedAndResetWithoutAnAnswer) {
  serve_request([](test::peer& to) { to.finish(); });
  EXPECT_EQ(get().failure, failure::closed);
  serve_request([](test::peer& to) { to.reset(); });
  const exchange got = get();
  EXPECT_EQ(got.failure, failure::reset) << got.summary();
  EXPECT_TRUE(got.first_byte_sent.has_value());
}

TEST_F(ConnectionTest, Garbage) {
  serve_request([](test::peer& to) { to.write("<html>no</html>"); });
  const exchange got = get();
  EXPECT_EQ(got.failure, failure::garbage);
  EXPECT_EQ(got.detail, "the answer is not HTTP/1");
}

TEST_F(ConnectionTest, SilenceEndsAtTheDeadline) {
  serve_request([](test::peer&) {});
  const exchange got = get(2s);
  EXPECT_EQ(got.failure, failure::timeout);
  EXPECT_GE(got.completed - got.started, 2s);
  EXPECT_TRUE(got.detail.starts_with("no answer in ")) << got.detail;
  EXPECT_FALSE(connection_->warm());
}

TEST_F(ConnectionTest, HalfAnAnswerAtTheDeadline) {
  serve_request([](test::peer& to) { to.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"); });
  const exchange got = get(2s);
  EXPECT_EQ(got.failure, failure::timeout);
  EXPECT_EQ(got.status, 200);
  EXPECT_TRUE(got.detail.starts_with("the answer was not complete")) << got.detail;
}

// The answer gets into the kernel after the loop has collected the deadline's handler and before that handler runs:
// what a process sees that was paused. It counts.
TEST_F(ConnectionTest, AnswerThatArrivedBeforeTheDeadlineIsJudgedCounts) {
  bool asked = false;
  serve_request([&](test::peer&) { asked = true; });
  std::optional<exchange> got;
  const auto started = clock::now();
  const auto deadline = started + 1s;
  connection_->send({}, started, deadline, [&](exchange result) { got = std::move(result); });
  timer just_before(io_, deadline - 1ms);
  just_before.async_wait([&](const boost::system::error_code&) { server_->peers[0]->write(ok("in time")); });
  ASSERT_TRUE(pump(
      io_, [&] { return asked; }, started + 20s));
  while (clock::now() < deadline + 5ms) {
  }
  ASSERT_TRUE(pump(
      io_, [&] { return got.has_value(); }, clock::now() + 20s));
  EXPECT_EQ(got->body, "in time") << got->summary();
}

TEST_F(ConnectionTest, NobodyListens) {
  serve(nullptr);
  server_.reset();
  const exchange got = get();
  EXPECT_EQ(got.failure, failure::connect);
  EXPECT_FALSE(got.first_byte_sent.has_value());
}

TEST_F(ConnectionTest, NamesAreResolved) {
  serve(test::answering([](const std::string&) { return ok("x"); }));
  url named = server_->url();
  named.host = "localhost";
  connection_ = std::make_unique<connection>(io_, named);
  const exchange got = get();
  EXPECT_EQ(got.body, "x") << got.summary();
  named.host = "does-not-exist.invalid";
  connection_ = std::make_unique<connection>(io_, named);
  EXPECT_EQ(get().failure, failure::resolve);
}

TEST_F(ConnectionTest, AStaleConnectionIsOpenedAgainBeforeAnythingIsSent) {
  serve(test::answering([](const std::string&) { return ok("x"); }));
  get();
  ASSERT_TRUE(connection_->warm());
  server_->peers[0]->finish();  // the client's loop has not seen it when it sends again
  const exchange got = get();
  EXPECT_TRUE(got.success()) << got.summary();
  EXPECT_FALSE(got.reused);
  EXPECT_EQ(server_->peers.size(), 2U);
}

TEST_F(ConnectionTest, AClosedIdleConnectionIsNoticed) {
  serve(test::answering([](const std::string&) { return ok("x"); }));
  get();
  server_->peers[0]->finish();
  EXPECT_TRUE(pump(
      io_, [&] { return !connection_->warm(); }, clock::now() + 20s));
}

TEST_F(ConnectionTest, ConnectionCloseIsObeyed) {
  serve(test::answering([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  }));
  get();
  EXPECT_FALSE(connection_->warm());
  EXPECT_TRUE(get().success());
  EXPECT_EQ(server_->peers.size(), 2U);
}

TEST_F(ConnectionTest, EarlyAnswerToARequestThatIsNotReadCounts) {
  serve([](test::peer& accepted) {
    accepted.stop_reading();
    accepted.on_bytes = [](test::peer& from) { from.write(ok("too long", "413 Payload Too Large")); };
  });
  const exchange got = get(20s, {.method = "POST", .target = "/", .body = std::string(16U << 20U, 'x')});
  EXPECT_EQ(got.status, 413) << got.summary();
  EXPECT_FALSE(connection_->warm());
}

TEST_F(ConnectionTest, HeadHasNoBody) {
  serve(test::answering(
      [](const std::string&) { return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"); }));
  EXPECT_TRUE(get(20s, {.method = "HEAD", .target = "/"}).success());
  EXPECT_TRUE(connection_->warm());
}

TEST_F(ConnectionTest, RawBytes) {
  std::string seen;
  serve([&](test::peer& accepted) {
    accepted.on_bytes = [&](test::peer& from) {
      seen = from.received;
      from.write(ok("", "400 Bad Request"));
    };
  });
  const auto got = await<exchange>(io_, clock::now() + 20s, [&](auto done) {
    connection_->send_raw("GET / HTTP/1.1\r\n\r\n", false, clock::now(), clock::now() + 20s, done);
  });
  EXPECT_EQ(got->status, 400);
  EXPECT_EQ(seen, "GET / HTTP/1.1\r\n\r\n");
}

TEST_F(ConnectionTest, CloseCancelsFromTheLoop) {
  serve_request([](test::peer&) {});
  std::optional<exchange> got;
  connection_->send({}, clock::now(), clock::now() + 20s, [&](exchange result) { got = std::move(result); });
  connection_->close();
  EXPECT_FALSE(got.has_value());
  ASSERT_TRUE(pump(
      io_, [&] { return got.has_value(); }, clock::now() + 20s));
  EXPECT_EQ(got->failure, failure::cancelled);
}

TEST_F(ConnectionTest, DestroyedConnectionsCallNobody) {
  serve_request([](test::peer& to) { to.write(ok("x")); });
  bool called = false;
  connection_->send({}, clock::now(), clock::now() + 20s, [&](exchange) { called = true; });
  ASSERT_TRUE(pump(
      io_, [&] { return server_->peers.size() == 1; }, clock::now() + 20s));
  connection_.reset();
  EXPECT_TRUE(pump(
      io_, [&] { return server_->peers[0]->eof || server_->peers[0]->broken; }, clock::now() + 20s));
  EXPECT_FALSE(called);
}

TEST_F(ConnectionTest, AHandlerMaySendAgainOrDestroy) {
  serve(test::answering([](const std::string&) { return ok("x"); }));
  int calls = 0;
  std::function<void(exchange)> again = [&](exchange) {
    if (++calls < 5) return connection_->send({}, clock::now(), clock::now() + 20s, again);
    connection_.reset();
  };
  connection_->send({}, clock::now(), clock::now() + 20s, again);
  EXPECT_TRUE(pump(
      io_, [&] { return calls == 5; }, clock::now() + 20s));
  EXPECT_EQ(connection_, nullptr);
  EXPECT_EQ(server_->peers.size(), 1U);
}

}  // namespace
}  // namespace client::http

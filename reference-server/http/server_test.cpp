#include "reference-server/http/server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <map>
#include <optional>
#include <string>
#include <thread>

namespace http {
namespace {

using namespace std::chrono_literals;

// Answers at once, later in the same loop, never, or takes over: by path.
class probe_service final : public service {
 public:
  explicit probe_service(boost::asio::io_context& io) : io_(io) {}

  void serve(exchange asked) override {
    const std::string path(asked.request().path);
    if (path == "/drop") {
      return;
    }
    if (path == "/hold") {
      held_.emplace(std::move(asked));
      held_->watch_end([this] { ended_ = true; });
      return;
    }
    if (path == "/take") {
      taken_.emplace(asked.take());
      return;
    }
    response answer;
    answer.body = path + ":" + std::string(asked.request().body);
    if (path == "/large") {
      answer.body.assign(200 << 10, 'x');  // more than the system takes at once
    }
    answer.close = path == "/close";
    if (path != "/later") {
      asked.answer(std::move(answer));
      return;
    }
    held_.emplace(std::move(asked));
    boost::asio::post(io_, [this, answer]() mutable { std::exchange(held_, std::nullopt)->answer(std::move(answer)); });
  }

  std::optional<taken_connection> taken_;
  std::optional<exchange> held_;
  bool ended_ = false;  // the client of /hold has gone

 private:
  boost::asio::io_context& io_;
};

// The server runs in the test's own thread, one step at a time, until a condition holds.
class ServerTest : public testing::Test {
 protected:
  explicit ServerTest(const limits& allowed = {}) {
    server_.emplace(io_, service_, allowed);
    EXPECT_FALSE(server_->listen({boost::asio::ip::address_v4::loopback(), 0}));
    client_.connect(server_->local_endpoint());
  }

  // Sends, then reads until the answers hold `end` or the server closes.
  std::string talk(const std::string& bytes, const std::string& end = {}, bool half_close = false) {
    std::string answers;
    std::thread client([&] {
      boost::asio::write(client_, boost::asio::buffer(bytes));
      if (half_close) {
        client_.shutdown(tcp_socket::shutdown_send);
      }
      char part[4096];
      boost::system::error_code failed;
      while (!failed && (end.empty() || answers.find(end) == answers.npos)) {
        answers.append(part, client_.read_some(boost::asio::buffer(part), failed));
      }
      boost::asio::post(io_, [this] { io_.stop(); });
    });
    io_.restart();
    io_.run_for(20s);
    client.join();
    return answers;
  }

  boost::asio::io_context io_;
  boost::asio::io_context client_io_;
  tcp_socket client_{client_io_.get_executor()};
  probe_service service_{io_};
  std::optional<server> server_;
};

// For what waits until a time is over; the others may take what a busy machine takes.
class SlowClientTest : public ServerTest {
 protected:
  SlowClientTest() : ServerTest(short_ones()) {}
  static limits short_ones() {
    limits made;
    made.head_time = 300ms;
    made.body_time = 300ms;
    made.linger_time = 300ms;
    return made;
  }
};

class IdleClientTest : public ServerTest {
 protected:
  IdleClientTest() : ServerTest(short_ones()) {}
  static limits short_ones() {
    limits made;
    made.idle_time = 600ms;
    return made;
  }
};

std::string get(const std::string& path, const std::string& more = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  const std::string answers = talk(get("/1") + get("/later") + get("/3") + get("/close"));
  const auto first = answers.find("\r\n\r\n/1:");
  const auto second = answers.find("\r\n\r\n/later:");
  const auto third = answers.find("\r\n\r\n/3:");
  const auto last = answers.find("\r\n\r\n/close:");
  EXPECT_TRUE(first < second && second < third && third < last && last != answers.npos) << answers;
  EXPECT_EQ(answers.find("Connection: close"), answers.rfind("Connection: close"));
}

TEST_F(ServerTest, AClientThatHasNothingMoreToSayGetsItsWholeAnswer) {
  const std::string answers = talk(get("/large"), "", true);
  EXPECT_EQ(answers.size() - answers.find("\r\n\r\n") - 4, std::size_t{200 << 10});
}

TEST_F(ServerTest, HeadHasNoBodyAndKeepsTheLength) {
  const std::string answers = talk("HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\n" + get("/close"));
  EXPECT_NE(answers.find("Content-Length: 5\r\n\r\nHTTP/1.1 200"), std::string::npos) << answers;
}

TEST_F(ServerTest, Http10Closes) {
  EXPECT_NE(talk("GET /x HTTP/1.0\r\n\r\n").find("Connection: close\r\n\r\n/x:"), std::string::npos);
}

TEST_F(ServerTest, ContinueIsSentBeforeTheBody) {
  EXPECT_EQ(talk("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", "\r\n\r\n"),
            "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_NE(talk("hi", "/p:hi").find("HTTP/1.1 200 OK"), std::string::npos);
}

TEST_F(ServerTest, MalformedIsAnsweredAndClosedWithoutAReset) {
  // More than the server has read when it answers: a close with unread bytes would be a reset.
  const std::string answers =
      talk("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n" + std::string(70000, 'x'));
  EXPECT_EQ(answers.rfind("HTTP/1.1 413 ", 0), 0U) << answers;
  EXPECT_NE(answers.find("Content-Type: application/problem+json"), std::string::npos);
  EXPECT_NE(answers.find("\"status\":413"), std::string::npos);
  EXPECT_NE(answers.find("Connection: close"), std::string::npos);
}

TEST_F(SlowClientTest, SlowHeadAndSlowBodyAre408) {
  EXPECT_EQ(talk("GET / HT").rfind("HTTP/1.1 408 ", 0), 0U);
  client_ = tcp_socket(client_io_.get_executor());
  client_.connect(server_->local_endpoint());
  EXPECT_EQ(talk("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nx").rfind("HTTP/1.1 408 ", 0), 0U);
}

TEST_F(IdleClientTest, IdleConnectionsAreClosed) {
  EXPECT_EQ(talk(""), "");
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(ServerTest, ADroppedExchangeClosesItsConnection) {
  EXPECT_EQ(talk(get("/drop")), "");
}

TEST_F(ServerTest, TakesOverWithWhatWasReadBehind) {
  const std::string answers = talk(get("/1") + get("/take", "Upgrade: x\r\n") + "behind", "/1:");
  EXPECT_NE(answers.find("/1:"), std::string::npos);
  while (!service_.taken_) {
    io_.restart();
    io_.run_one_for(5s);
  }
  EXPECT_EQ(service_.taken_->read_ahead, "behind");
  EXPECT_EQ(server_->connections(), 0U);
  boost::asio::write(service_.taken_->socket, boost::asio::buffer("raw", 3));
  char part[3];
  boost::asio::read(client_, boost::asio::buffer(part));
  EXPECT_EQ(std::string(part, 3), "raw");
}

TEST_F(ServerTest, TellsWhenAClientGoesBeforeItsAnswer) {
  boost::asio::write(client_, boost::asio::buffer(get("/hold")));
  const auto run_until = [&](auto condition) {
    for (int i = 0; i < 100 && !condition(); ++i) {
      io_.restart();
      io_.run_one_for(100ms);
    }
    return condition();
  };
  ASSERT_TRUE(run_until([&] { return service_.held_.has_value(); }));
  EXPECT_FALSE(service_.ended_);
  // Answered in time it is not told, and the same connection may be held again.
  std::exchange(service_.held_, std::nullopt)->answer({});
  EXPECT_NE(talk(get("/1"), "/1:").find("/1:"), std::string::npos);
  boost::asio::write(client_, boost::asio::buffer(get("/hold")));
  ASSERT_TRUE(run_until([&] { return service_.held_.has_value(); }));
  EXPECT_FALSE(service_.ended_);
  client_.close();
  EXPECT_TRUE(run_until([&] { return service_.ended_; }));
  service_.held_.reset();
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(ServerTest, StopDrains) {
  talk(get("/1"), "/1:");
  EXPECT_EQ(server_->connections(), 1U);
  bool drained = false;
  server_->stop(5s, [&] { drained = true; });
  io_.restart();
  io_.run_for(5s);
  EXPECT_TRUE(drained);
  EXPECT_TRUE(io_.stopped());
}

}  // namespace
}  // namespace http

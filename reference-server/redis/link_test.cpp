// The carrier on a real unix socket, with a Redis played by the test in the same loop.
#include "reference-server/redis/link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <functional>

namespace redis {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::ElementsAre;
using executor = asio::io_context::executor_type;
using unix_protocol = asio::local::stream_protocol;

struct Link : testing::Test, link_listener {
  Link() {
    if (::mkdtemp(directory.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path = directory + "/redis.sock";
    listen();
  }
  ~Link() override {
    ::unlink(path.c_str());
    ::rmdir(directory.c_str());
  }

  // The link's side
  void on_up() override { seen.push_back("up " + std::to_string(under_test->client_id())); }
  void on_down(std::string_view why) override { seen.push_back("down: " + std::string(why)); }
  void on_failed_try(std::string_view why) override { failed_tries.emplace_back(why); }
  void on_reply(std::uint64_t token, const reply& answer) override {
    seen.push_back(
        std::to_string(token) + (answer.is_error() ? " -" : " ") +
        (answer.type() == reply_type::integer ? std::to_string(answer.integer()) : std::string(answer.text())));
  }
  void on_message(std::string_view channel, std::string_view payload) override {
    seen.push_back(std::string(channel) + ": " + std::string(payload));
  }
  void make(const limits& l = {}) {
    under_test.emplace(io, *parse_address("unix:" + path), l, *this);
    under_test->start();
  }

  // Redis' side
  void listen() {
    ::unlink(path.c_str());
    acceptor.emplace(io.get_executor(), unix_protocol::endpoint(path));
  }
  void accept() {
    server.emplace(io.get_executor());
    acceptor->non_blocking(true);
    until([this] {
      boost::system::error_code error;
      acceptor->accept(*server, error);
      return !error;
    });
    server->non_blocking(true);
    got.clear();
  }
  void says(const std::string& bytes) { asio::write(*server, asio::buffer(bytes)); }
  // Waits for exactly these bytes.
  void hears(const std::string& bytes) {
    until([&] {
      char buffer[4096];
      boost::system::error_code error;
      const auto n = server->read_some(asio::buffer(buffer), error);
      if (!error) got.append(buffer, n);
      return got.size() >= bytes.size();
    });
    EXPECT_EQ(got, bytes);
    got.clear();
  }
  void come_up(int id = 7) {
    accept();
    hears(client_id);
    const std::string about = "# Server\r\nrun_id:life" + std::to_string(id) + "\r\ntcp_port:0";
    says("$" + std::to_string(about.size()) + "\r\n" + about + "\r\n:" + std::to_string(id) + "\r\n");
    until([this] { return under_test->up(); });
  }

  void until(const std::function<bool()>& condition) {
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("it never came true");
      io.restart();
      io.run_one_for(5ms);
    }
  }

  const std::string client_id = "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n*2\r\n$6\r\nCLIENT\r\n$2\r\nID\r\n";
  asio::io_context io{1};
  std::string directory = "/tmp/rollcall-redis-XXXXXX", path, got;
  std::optional<asio::basic_socket_acceptor<unix_protocol, executor>> acceptor;
  std::optional<asio::basic_stream_socket<unix_protocol, executor>> server;
  std::vector<std::string> seen, failed_tries;
  std::optional<link> under_test;
};

TEST_F(Link, IsUpWhenItKnowsItsId) {
  make();
  EXPECT_FALSE(under_test->up());
  come_up(42);
  EXPECT_THAT(seen, ElementsAre("up 42"));
  under_test->command(1, {"PUBLISH", "a", "b"});
  under_test->command(2, {"GET", "k"});
  EXPECT_EQ(under_test->unanswered(), 2u);
  hears("*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$1\r\nb\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
  says(":1\r\n-ERR no\r\n");
  until([this] { return seen.size() == 3; });
  EXPECT_THAT(seen, ElementsAre("up 42", "1 1", "2 -ERR no"));
  EXPECT_EQ(under_test->unanswered(), 0u);
}

TEST_F(Link, CarriesMessagesInStreamOrderWithAnswers) {
  make();
  come_up();
  under_test->subscribe(5, "c");
  hears("*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nc\r\n");
  says("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nm1\r\n");
  until([this] { return seen.size() == 3; });
  EXPECT_EQ(seen.back(), "c: m1");
}

TEST_F(Link, TellsALossOnceAndComesBackByItself) {
  make();
  come_up(1);
  under_test->command(1, {"GET", "k"});
  hears("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
  server->close();
  until([this] { return seen.size() == 2; });
  EXPECT_EQ(seen[1], "down: closed by Redis");
  EXPECT_FALSE(under_test->up());
  EXPECT_EQ(under_test->run_id(), "life1");
  EXPECT_EQ(under_test->client_id(), 1);  // of the connection that is gone, for whoever wants it killed
  come_up(2);
  EXPECT_THAT(seen, ElementsAre("up 1", "down: closed by Redis", "up 2"));
  EXPECT_EQ(under_test->unanswered(), 0u);
}

TEST_F(Link, GoesOnTryingWhileNobodyListens) {
  acceptor.reset();
  make();
  until([this] { return failed_tries.size() == 2; });
  EXPECT_THAT(failed_tries, testing::Each(testing::StartsWith("cannot connect")));
  EXPECT_EQ(under_test->last_error(), failed_tries.back());
  listen();
  come_up(3);
  EXPECT_THAT(seen, ElementsAre("up 3"));
}

TEST_F(Link, GivesUpOnSilence) {
  limits quick;
  quick.answer_silence = 1500ms;  // the machine may be busy while the link comes up
  make(quick);
  come_up();
  under_test->command(1, {"PUBLISH", "a", "b"});
  until([this] { return seen.size() == 2; });
  EXPECT_EQ(seen[1], "down: silent for 1500 ms with a command unanswered");
}

TEST_F(Link, ReadsWhatHasArrivedBeforeItJudges) {
  limits quick;
  quick.answer_silence = 1500ms;
  make(quick);
  come_up();
  under_test->command(1, {"PUBLISH", "a", "b"});
  hears("*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$1\r\nb\r\n");
  says(":1\r\n");
  // Nothing runs until the deadline is over: then clock and answer are both waiting.
  const auto paused_until = std::chrono::steady_clock::now() + 1800ms;
  while (std::chrono::steady_clock::now() < paused_until) {
  }
  until([this] { return seen.size() == 2; });
  EXPECT_EQ(seen[1], "1 1");
}

TEST_F(Link, TheOwnerMayGiveUpAndStopInsideACall) {
  make();
  come_up();
  under_test->give_up("a reason");
  EXPECT_TRUE(under_test->up());
  until([this] { return seen.size() == 2; });
  EXPECT_EQ(seen[1], "down: a reason");
  come_up();
  under_test->stop();
  EXPECT_FALSE(under_test->up());
  io.restart();
  io.run_for(10s);  // runs out at once: nothing is left to wait for
  EXPECT_EQ(seen.size(), 3u);
}

TEST_F(Link, WhatIsNotRedisIsNoLink) {
  make();
  accept();
  hears(client_id);
  says("HTTP/1.1 400 Bad Request\r\n\r\n");
  until([this] { return !under_test->last_error().empty(); });
  EXPECT_THAT(under_test->last_error(), testing::StartsWith("not the Redis protocol"));
  EXPECT_TRUE(seen.empty());
}

}  // namespace
}  // namespace redis

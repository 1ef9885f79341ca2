#include "harness/client/loop.hpp"

#include "harness/client/test/server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include <array>

namespace client {
namespace {

using namespace std::chrono_literals;

TEST(Pump, AsksThePredicateBeforeTheFirstHandler) {
  asio::io_context io;
  bool ran = false;
  asio::post(io, [&] { ran = true; });
  EXPECT_TRUE(pump(
      io, [] { return true; }, clock::now()));
  EXPECT_FALSE(ran);
}

TEST(Pump, StopsAtTheHandlerThatMakesThePredicateTrue) {
  asio::io_context io;
  int ran = 0;
  for (int i = 0; i < 5; ++i) asio::post(io, [&] { ++ran; });
  EXPECT_TRUE(pump(
      io, [&] { return ran == 3; }, clock::now() + 10s));
  EXPECT_EQ(ran, 3);
}

TEST(Pump, ReturnsAtOnceWithoutWork) {
  asio::io_context io;
  const auto start = clock::now();
  EXPECT_FALSE(pump(
      io, [] { return false; }, start + 60s));
  EXPECT_LT(clock::now() - start, 10s);
}

TEST(Pump, GivesUpAtTheDeadline) {
  asio::io_context io;
  timer later(io, clock::now() + 60s);
  later.async_wait([](const boost::system::error_code&) {});
  const auto deadline = clock::now() + 20ms;
  EXPECT_FALSE(pump(
      io, [] { return false; }, deadline));
  EXPECT_GE(clock::now(), deadline);
}

TEST(Pump, CanBeUsedAgain) {
  asio::io_context io;
  EXPECT_FALSE(pump(
      io, [] { return false; }, clock::now() + 1s));
  bool ran = false;
  asio::post(io, [&] { ran = true; });
  EXPECT_TRUE(pump(
      io, [&] { return ran; }, clock::now() + 10s));
}

// Two ends of a connection, one of which only the kernel looks at.
struct wire {
  asio::io_context io;
  tcp_socket reader{io};
  int writer = -1;
  std::array<char, 64> buffer{};
  int reads = 0;

  wire() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    reader.assign(asio::ip::tcp::v4(), ends[0]);
    writer = ends[1];
    read();
  }
  ~wire() { ::close(writer); }
  void read() {
    reader.async_read_some(asio::buffer(buffer, 1), [this](const boost::system::error_code& error, std::size_t) {
      if (error) return;
      ++reads;
      read();
    });
  }
};

TEST(Pump, HandlesWhatHadArrivedWhenTheDeadlineHasLongPassed) {
  wire w;
  ASSERT_EQ(::send(w.writer, "abc", 3, 0), 3);
  EXPECT_TRUE(pump(
      w.io, [&] { return w.reads == 3; }, clock::now() - 1s));
}

TEST(Pump, ReadyMeansAllThatTheKernelHolds) {
  wire w;
  ASSERT_EQ(::send(w.writer, "abcdefgh", 8, 0), 8);
  pump_ready(w.io);
  EXPECT_EQ(w.reads, 8);
}

TEST(Await, GivesTheValueOfTheCallback) {
  asio::io_context io;
  const auto got = await<int>(io, clock::now() + 10s, [&](auto done) { asio::post(io, [done] { done(42); }); });
  EXPECT_EQ(got, 42);
}

TEST(Await, GivesNothingAtTheDeadlineAndSurvivesALateCallback) {
  asio::io_context io;
  timer later(io, clock::now() + 30ms);
  const auto got = await<int>(
      io, clock::now(), [&](auto done) { later.async_wait([done](const boost::system::error_code&) { done(42); }); });
  EXPECT_FALSE(got.has_value());
  io.restart();
  io.run();
}

}  // namespace
}  // namespace client

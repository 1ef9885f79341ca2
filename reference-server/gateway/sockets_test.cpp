// The sockets on real loopback connections, driven turn by turn; nothing waits for a clock but the ticks it counts.
#include "reference-server/gateway/sockets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <map>

namespace gateway {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace std::string_literals;

struct Sockets : testing::Test, sockets_owner {
  void on_leaving(socket_id id, close_code why) override { left.emplace_back(id.token(), why); }
  void on_empty() override { ++emptied; }

  struct client {
    explicit client(asio::io_context& io) : stream(io.get_executor()) {}
    http::tcp_socket stream;
    std::string got;
    bool ended = false, was_reset = false;

    void send(const std::string& bytes) { asio::write(stream, asio::buffer(bytes)); }
    // Takes what has arrived.
    void read() {
      char bytes[4096];
      for (;;) {
        boost::system::error_code error;
        const auto n = stream.read_some(asio::buffer(bytes), error);
        if (error == asio::error::would_block) return;
        if (error) {
          ended = true;
          was_reset = error == asio::error::connection_reset;
          return;
        }
        got.append(bytes, n);
      }
    }
  };

  std::unique_ptr<sockets> make(const socket_limits& limits) { return std::make_unique<sockets>(io, limits, *this); }

  std::pair<std::unique_ptr<client>, socket_id> open(sockets& all, std::chrono::seconds valid = 3600s,
                                                     int receive = 0) {
    http::tcp_acceptor acceptor(io.get_executor(), {asio::ip::address_v4::loopback(), 0});
    auto peer = std::make_unique<client>(io);
    peer->stream.open(asio::ip::tcp::v4());
    if (receive > 0) peer->stream.set_option(asio::socket_base::receive_buffer_size(receive));
    peer->stream.connect(acceptor.local_endpoint());
    http::tcp_socket accepted(io.get_executor());
    acceptor.accept(accepted);
    peer->stream.non_blocking(true);
    const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto id = all.open(std::move(accepted), now + valid, "101;");
    all.start(id, "");
    return {std::move(peer), id};
  }

  // Runs the loop until this holds; what never holds fails the test after ten seconds.
  template <class Condition>
  testing::AssertionResult until(Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up) return testing::AssertionFailure() << "it never came true";
      io.restart();
      io.run_one_for(20ms);
    }
    return testing::AssertionSuccess();
  }
  testing::AssertionResult reads(client& peer, const std::string& expected) {
    const auto result = until([&] {
      peer.read();
      return peer.got.size() >= expected.size() || peer.ended;
    });
    return !result                ? result
           : peer.got == expected ? testing::AssertionSuccess()
                                  : testing::AssertionFailure() << "got " << testing::PrintToString(peer.got);
  }

  asio::io_context io;
  std::vector<std::pair<std::uint64_t, close_code>> left;
  int emptied = 0;
};

TEST_F(Sockets, SendsInOrderAndAnswersThePing) {
  const auto all = make({});
  auto [peer, id] = open(*all);
  all->send(id, frame::raw("a;"));
  all->send(id, frame::raw("b;"));
  ASSERT_TRUE(reads(*peer, "101;a;b;"));
  peer->send("\x89\x81\x00\x00\x00\x00x"s);
  EXPECT_TRUE(reads(*peer, "101;a;b;\x8a\x01x"));
  EXPECT_EQ(all->count(), 1u);
}

TEST_F(Sockets, AnswersTheClientsCloseAndForgetsIt) {
  const auto all = make({});
  auto [peer, id] = open(*all);
  peer->send("\x88\x82\x00\x00\x00\x00\x03\xe8"s);
  ASSERT_TRUE(reads(*peer, "101;\x88\x02\x03\xe8"));
  EXPECT_TRUE(until([&] { return all->count() == 0; }));
  EXPECT_THAT(left, testing::ElementsAre(testing::Pair(id.token(), close_code::normal)));
  EXPECT_EQ(emptied, 1);
  all->send(id, frame::raw("late"));  // finds nobody
  const auto [next, next_id] = open(*all);
  EXPECT_EQ(next_id.place, id.place);
  EXPECT_NE(next_id.life, id.life);
}

TEST_F(Sockets, TheClosesOfTheServerWaitForTheAnswerAndSendNoFrameMore) {
  const auto all = make({});
  auto [peer, id] = open(*all);
  ASSERT_TRUE(reads(*peer, "101;"));
  all->send(id, frame::raw("dropped;"));
  all->close(id, close_code::service_restart);
  all->send(id, frame::raw("dropped too;"));
  ASSERT_TRUE(reads(*peer, "101;\x88\x02\x03\xf4"));
  peer->send("\x88\x82\x00\x00\x00\x00\x03\xf4"s);
  EXPECT_TRUE(until([&] { return all->count() == 0; }));
  EXPECT_EQ(left.size(), 1u);
}

TEST_F(Sockets, AClientThatDoesNotAnswerTheCloseIsLeftAlone) {
  socket_limits limits;
  limits.close_within = 2;
  const auto all = make(limits);
  auto [peer, id] = open(*all);
  all->close(id, close_code::going_away);
  ASSERT_TRUE(reads(*peer, "101;\x88\x02\x03\xe9"));
  EXPECT_TRUE(until([&] { return all->count() == 0; }));
}

TEST_F(Sockets, WhatBreaksTheProtocolIsClosedWithItsCode) {
  const auto all = make({});
  const std::pair<std::string, std::string> cases[] = {{"\x81\x05hello", "\x03\xea"},
                                                       {"\x81\x81\x00\x00\x00\x00\xff"s, "\x03\xef"},
                                                       {"\x82\xfe\x10\x01"s + "mask", "\x03\xf1"}};
  for (const auto& [bytes, code] : cases) {
    auto [peer, id] = open(*all);
    peer->send(bytes);
    ASSERT_TRUE(reads(*peer, "101;\x88\x02" + code));
    EXPECT_TRUE(until([&, p = peer.get()] {
      p->read();
      return p->ended;
    }));
  }
}

TEST_F(Sockets, MessagesOfAClientAreReadAndIgnored) {
  const auto all = make({});
  auto [peer, id] = open(*all);
  for (int i = 0; i < 1000; ++i) peer->send("\x81\x81\x00\x00\x00\x00x"s);
  peer->send("\x01\x81\x00\x00\x00\x00x"s);  // a message that stays unfinished
  peer->send("\x89\x80\x00\x00\x00\x00"s);
  EXPECT_TRUE(reads(*peer, "101;\x8a\x00"s));
  EXPECT_TRUE(left.empty());
}

// A client that reads nothing, until the kernel takes no more.
struct SlowClient : Sockets {
  static constexpr std::size_t piece = 1000;
  std::string numbered(int i) {
    auto text = std::to_string(i) + ";";
    return text + std::string(piece - text.size(), '.');
  }
  // Sends until something had to be queued; the number of frames sent.
  int fill(sockets& all, socket_id id) {
    int sent = 0;
    while (left.empty() && sent < 100'000) {
      all.send(id, frame::raw(numbered(sent++)));
      if (sent % 16 == 0) {
        io.restart();
        io.poll();
      }
    }
    return sent;
  }
  // Whether the bytes are numbered frames in order, whole ones, and then `end`.
  testing::AssertionResult holds_whole_frames(const std::string& got, const std::string& end) {
    std::size_t at = 4;
    int i = 0;
    while (got.compare(at, piece, numbered(i)) == 0) {
      at += piece;
      ++i;
    }
    return i > 0 && got.substr(at) == end
               ? testing::AssertionSuccess()
               : testing::AssertionFailure() << i << " frames, then " << got.size() - at << " bytes";
  }
};

TEST_F(SlowClient, IsClosedWith1013AndItsLastFrameIsWhole) {
  socket_limits limits;
  limits.queued_bytes = 64 * 1024;
  limits.send_buffer = 4096;
  limits.close_within = 50;
  const auto all = make(limits);
  auto [peer, id] = open(*all, 3600s, 4096);
  fill(*all, id);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].second, close_code::try_again_later);
  EXPECT_TRUE(until([&, p = peer.get()] {
    p->read();
    return p->got.ends_with("\x88\x02\x03\xf5") || p->ended;
  }));
  EXPECT_TRUE(holds_whole_frames(peer->got, "\x88\x02\x03\xf5"));
}

TEST_F(SlowClient, IsResetWhenTheCloseFrameCannotBeWritten) {
  socket_limits limits;
  limits.queued_bytes = 64 * 1024;
  limits.send_buffer = 4096;
  limits.close_within = 2;
  const auto all = make(limits);
  auto [peer, id] = open(*all, 3600s, 4096);
  fill(*all, id);
  ASSERT_TRUE(until([&] { return all->count() == 0; }));
  EXPECT_TRUE(until([&, p = peer.get()] {
    p->read();
    return p->ended;
  }));
  EXPECT_TRUE(peer->was_reset);
}

TEST_F(SlowClient, IsClosedWhenTheOldestByteIsTooOld) {
  socket_limits limits;
  limits.queued_age = 3;
  limits.send_buffer = 4096;
  const auto all = make(limits);
  auto [peer, id] = open(*all, 3600s, 4096);
  for (int i = 0; i < 200; ++i) all->send(id, frame::raw(numbered(i)));
  ASSERT_TRUE(until([&] { return !left.empty(); }));
  EXPECT_EQ(left[0].second, close_code::try_again_later);
}

TEST_F(SlowClient, ABurstInOneTurnIsNoFaultOfAClientThatReads) {
  socket_limits limits;
  limits.queued_frames = 50;
  const auto all = make(limits);
  auto [peer, id] = open(*all);
  std::string expected = "101;";
  for (int i = 0; i < 1000; ++i) {
    all->send(id, frame::raw("0123456789"));
    expected += "0123456789";
  }
  EXPECT_TRUE(reads(*peer, expected));
  EXPECT_TRUE(left.empty());
}

TEST_F(Sockets, AnExpiredTokenClosesAndWhatWasQueuedIsNotSent) {
  const auto all = make({});
  auto [peer, id] = open(*all, 0s);
  ASSERT_TRUE(reads(*peer, "101;\x88\x02\x11\x31"));
  EXPECT_EQ(left[0].second, close_code::token_expired);
  auto [second, second_id] = open(*all, 1s);
  ASSERT_TRUE(reads(*second, "101;"));
  ASSERT_TRUE(reads(*second, "101;\x88\x02\x11\x31"));
}

TEST_F(Sockets, PingsAndGivesUpWhoeverDoesNotAnswer) {
  socket_limits limits;
  limits.ping_interval = 2;
  limits.ping_timeout = 20;  // the machine may be busy when a pong is due
  const auto all = make(limits);
  auto [silent, silent_id] = open(*all);
  auto [awake, awake_id] = open(*all);
  std::size_t answered = 0;
  EXPECT_TRUE(until([&, s = silent.get(), a = awake.get()] {
    s->read();
    a->read();
    for (; a->got.size() >= 4 + 2 * (answered + 1); ++answered) a->send("\x8a\x80\x00\x00\x00\x00"s);
    return s->ended && answered > 4;
  }));
  EXPECT_EQ(silent->got, "101;\x89\x00"s);
  EXPECT_FALSE(awake->ended);
  EXPECT_EQ(all->count(), 1u);
}

TEST_F(Sockets, TheIntervalRulesThePingsHoweverLongTheTimeoutIs) {
  socket_limits limits;
  limits.ping_interval = 2;
  limits.ping_timeout = 300;
  const auto all = make(limits);
  auto [peer, id] = open(*all);
  std::size_t answered = 0;
  EXPECT_TRUE(until([&, p = peer.get()] {
    p->read();
    for (; p->got.size() >= 4 + 2 * (answered + 1); ++answered) p->send("\x8a\x80\x00\x00\x00\x00"s);
    return answered == 4;
  }));
}

}  // namespace
}  // namespace gateway

#include "harness/client/http/pool.hpp"

#include "harness/client/loop.hpp"
#include "harness/client/test/server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace client::http {
namespace {

using namespace std::chrono_literals;
using test::ok;

TEST(Pool, RequestsGoRoundTheOrigins) {
  asio::io_context io;
  const auto echo = test::answering([](const std::string&) { return ok("x"); });
  test::server one(io, echo);
  test::server two(io, echo);
  pool p(io, {one.url(), two.url()}, 2);
  int done = 0;
  for (int i = 0; i < 10; ++i) p.send({}, 20s, [&](exchange got) { done += got.success() ? 1 : 0; });
  ASSERT_TRUE(pump(
      io, [&] { return done == 10; }, clock::now() + 20s));
  EXPECT_EQ(one.peers.size(), 1U);
  EXPECT_EQ(two.peers.size(), 1U);
  EXPECT_EQ(p.pending(), 0U);
}

TEST(Pool, AThousandAtOnceThroughSixteenConnections) {
  asio::io_context io;
  test::server server(
      io, test::answering([](const std::string& request) { return ok(request.substr(request.find("\r\n\r\n") + 4)); }));
  pool p(io, {server.url()}, 16);
  std::vector<std::string> bodies(1000);
  std::size_t done = 0;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    p.send({.method = "POST", .target = "/", .body = std::to_string(i)}, 60s, [&, i](exchange got) {
      bodies[i] = got.body;
      ++done;
    });
  }
  EXPECT_EQ(p.pending(), 1000U);
  ASSERT_TRUE(pump(
      io, [&] { return done == bodies.size(); }, clock::now() + 60s));
  for (std::size_t i = 0; i < bodies.size(); ++i) EXPECT_EQ(bodies[i], std::to_string(i));
  EXPECT_EQ(server.peers.size(), 16U);
}

TEST(Pool, WhoWaitsIsServedInOrderAndItsDeadlineRuns) {
  asio::io_context io;
  test::server server(io, nullptr);  // never answers by itself
  pool p(io, {server.url()}, 1);
  std::vector<std::string> order;
  const auto note = [&](const char* name) {
    return [&order, name](const exchange& got) { order.push_back(name + (": " + got.summary())); };
  };
  p.send({}, 20s, note("first"));
  p.send({}, 20s, note("second"));
  p.send({}, 30ms, note("hasty"));
  ASSERT_TRUE(pump(
      io, [&] { return order.size() == 1 && server.peers.size() == 1; }, clock::now() + 20s));
  EXPECT_EQ(order[0], "hasty: timeout: no connection became free");
  ASSERT_EQ(server.peers.size(), 1U);
  server.peers[0]->write(ok("1"));
  ASSERT_TRUE(pump(
      io, [&] { return order.size() == 2; }, clock::now() + 20s));
  server.peers[0]->write(ok("2"));
  ASSERT_TRUE(pump(
      io, [&] { return order.size() == 3; }, clock::now() + 20s));
  EXPECT_EQ(order[1], "first: 200");
  EXPECT_EQ(order[2], "second: 200");
}

TEST(Pool, AWaitingRequestGetsTheConnectionOfOneThatFailed) {
  asio::io_context io;
  test::server server(io, [](test::peer& accepted) {
    accepted.on_bytes = [](test::peer& from) {
      if (const auto request = from.take_request()) {
        if (request->starts_with("GET /bad ")) {
          from.reset();
        } else {
          from.write(ok("fine"));
        }
      }
    };
  });
  pool p(io, {server.url()}, 1);
  std::vector<exchange> got;
  p.send({.method = "GET", .target = "/bad"}, 20s, [&](exchange result) { got.push_back(std::move(result)); });
  p.send({.method = "GET", .target = "/good"}, 20s, [&](exchange result) { got.push_back(std::move(result)); });
  ASSERT_TRUE(pump(
      io, [&] { return got.size() == 2; }, clock::now() + 20s));
  EXPECT_EQ(got[0].failure, failure::reset);
  EXPECT_EQ(got[1].body, "fine");
}

TEST(Pool, CloseCancelsAllAndThePoolGoesOn) {
  asio::io_context io;
  test::server server(io, [](test::peer& accepted) {
    accepted.on_bytes = [](test::peer& from) {
      if (const auto request = from.take_request(); request && request->starts_with("GET /now ")) from.write(ok("x"));
    };
  });
  pool p(io, {server.url()}, 1);
  std::vector<failure> got;
  for (int i = 0; i < 3; ++i) p.send({}, 20s, [&](exchange result) { got.push_back(result.failure); });
  p.close();
  EXPECT_TRUE(got.empty());
  ASSERT_TRUE(pump(
      io, [&] { return got.size() == 3; }, clock::now() + 20s));
  EXPECT_EQ(got, std::vector<failure>(3, failure::cancelled));
  EXPECT_EQ(p.pending(), 0U);
  const auto after = await<exchange>(io, clock::now() + 20s,
                                     [&](auto done) { p.send({.method = "GET", .target = "/now"}, 20s, done); });
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->success()) << after->summary();
}

TEST(Pool, DestroyedPoolsCallNobodyAlsoFromInsideAHandler) {
  asio::io_context io;
  test::server server(io, test::answering([](const std::string&) { return ok("x"); }));
  auto p = std::make_unique<pool>(io, std::vector<url>{server.url()}, 1);
  int calls = 0;
  for (int i = 0; i < 3; ++i) {
    p->send({}, 20s, [&](exchange) {
      ++calls;
      p.reset();
    });
  }
  ASSERT_TRUE(pump(
      io, [&] { return calls > 0; }, clock::now() + 20s));
  pump_ready(io);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace client::http

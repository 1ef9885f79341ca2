// Each fault as both ends of a connection see it, on TCP and on unix sockets.
#include "harness/stack/fault_proxy.hpp"

#include "harness/stack/stream_address.hpp"
#include "harness/stack/test/environment.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

namespace stack {
namespace {
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
constexpr int patience_ms = 10'000;

void say(const descriptor& to, std::string_view bytes) {
  ASSERT_EQ(::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

// So many bytes; fewer at an end of the connection, which adds "(end)" or "(reset)", or when nothing more comes.
std::string hear(const descriptor& from, std::size_t size) {
  std::string heard;
  while (heard.size() < size) {
    pollfd readable{from.get(), POLLIN, 0};
    if (::poll(&readable, 1, patience_ms) <= 0) return heard + "(silence)";
    char bytes[4096];
    const auto got = ::recv(from.get(), bytes, std::min(sizeof bytes, size - heard.size()), 0);
    if (got < 0 && errno == EAGAIN) continue;
    if (got <= 0) return heard + (got == 0 ? "(end)" : "(reset)");
    heard.append(bytes, static_cast<std::size_t>(got));
  }
  return heard;
}

std::string end_of(const descriptor& from) {
  return hear(from, 1);
}

bool anything_from(const descriptor& from) {
  pollfd readable{from.get(), POLLIN, 0};
  return ::poll(&readable, 1, 0) > 0;
}

struct FaultProxy : testing::TestWithParam<bool> {
  FaultProxy() {
    const bool tcp = GetParam();
    const auto where = *parse_stream_address(tcp ? "127.0.0.1:0" : (folder.path() / "server").string());
    listener = std::move(*listen_at(where));
    auto opened = fault_proxy::open(tcp ? "127.0.0.1:0" : (folder.path() / "proxy").string(), text_of_local(listener));
    if (!opened) throw std::runtime_error(opened.error().what);
    proxy = std::move(*opened);
  }

  // Both ends of one connection through the proxy.
  struct ends {
    descriptor client, server;
  };
  ends connect() {
    ends made;
    made.client = connect_to(*parse_stream_address(proxy->address()));
    made.server = accept();
    return made;
  }
  descriptor accept() {
    pollfd waiting{listener.get(), POLLIN, 0};
    ::poll(&waiting, 1, patience_ms);
    return descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  }
  // The loop has gone round: whatever could move has moved.
  void fence() {
    proxy->connections();
    proxy->connections();
  }

  test::folder folder;
  descriptor listener;
  std::unique_ptr<fault_proxy> proxy;
};

TEST_P(FaultProxy, PassesBytesAndEndsBothWays) {
  const ends one = connect();
  say(one.client, "a question");
  EXPECT_EQ(hear(one.server, 10), "a question");
  say(one.server, "an answer");
  EXPECT_EQ(hear(one.client, 9), "an answer");
  ::shutdown(one.client.get(), SHUT_WR);
  EXPECT_EQ(end_of(one.server), "(end)");
  say(one.server, "more");  // the other way is still open
  EXPECT_EQ(hear(one.client, 4), "more");
  EXPECT_EQ(proxy->connections(), 1U);
  ::shutdown(one.server.get(), SHUT_WR);
  EXPECT_EQ(end_of(one.client), "(end)");
  EXPECT_TRUE(test::becomes_true([&] { return proxy->connections() == 0; }));
}

TEST_P(FaultProxy, LargeAmountsKeepTheirOrderAndTheSenderIsHeldBack) {
  const ends one = connect();
  proxy->stall(fault_proxy::towards::server);
  std::string sent;
  for (int i = 0; sent.size() < 8'000'000; ++i) sent += std::to_string(i) + " ";
  std::size_t taken = 0;
  const auto push = [&] {
    const auto size = ::send(one.client.get(), sent.data() + taken, sent.size() - taken, MSG_NOSIGNAL);
    if (size > 0) taken += static_cast<std::size_t>(size);
    return size > 0;
  };
  test::becomes_true([&] { return !push() && (fence(), !push()); });
  EXPECT_LT(taken, sent.size()) << "everything was taken from the sender though nobody reads";
  EXPECT_FALSE(anything_from(one.server));
  proxy->pass();
  std::string heard;
  while (heard.size() < sent.size()) {
    push();
    const std::string more = hear(one.server, std::min<std::size_t>(4096, sent.size() - heard.size()));
    heard += more;
    if (more.ends_with(")")) break;
  }
  EXPECT_TRUE(heard == sent);
}

TEST_P(FaultProxy, ACutEndsWhatExistsAndRefusesUntilItIsOver) {
  const ends one = connect();
  proxy->cut();
  EXPECT_EQ(end_of(one.client), "(end)");
  EXPECT_EQ(end_of(one.server), "(end)");
  const descriptor refused = connect_to(*parse_stream_address(proxy->address()));
  EXPECT_EQ(end_of(refused), "(end)");
  EXPECT_FALSE(anything_from(listener));
  proxy->pass();
  const ends again = connect();
  say(again.client, "back");
  EXPECT_EQ(hear(again.server, 4), "back");
  EXPECT_EQ(proxy->accepted(), 3U);
}

TEST_P(FaultProxy, AResetIsOneOnTcpAndLetsNewOnesPass) {
  const ends one = connect();
  proxy->reset();
  EXPECT_EQ(end_of(one.client), GetParam() ? "(reset)" : "(end)");
  EXPECT_EQ(end_of(one.server), GetParam() ? "(reset)" : "(end)");
  const ends again = connect();
  say(again.client, "back");
  EXPECT_EQ(hear(again.server, 4), "back");
}

TEST_P(FaultProxy, AStallHoldsOneWayAndEverythingGoesOnAfterwards) {
  const ends one = connect();
  proxy->stall(fault_proxy::towards::client);
  say(one.client, "question");
  EXPECT_EQ(hear(one.server, 8), "question");
  say(one.server, "answer");
  fence();
  EXPECT_FALSE(anything_from(one.client));
  proxy->pass();
  EXPECT_EQ(hear(one.client, 6), "answer");
}

TEST_P(FaultProxy, ADelayedByteIsNotEarly) {
  const ends one = connect();
  proxy->delay(50ms);
  const auto start = clock::now();
  say(one.client, "late");
  EXPECT_EQ(hear(one.server, 4), "late");
  EXPECT_GE(clock::now() - start, 50ms);
}

TEST_P(FaultProxy, OfAHalfOpenConnectionOnlyOneEndIsTold) {
  for (const auto told : {fault_proxy::end::client, fault_proxy::end::server}) {
    const ends one = connect();
    proxy->half_open(told);
    const bool client_told = told == fault_proxy::end::client;
    EXPECT_EQ(end_of(client_told ? one.client : one.server), "(end)");
    const descriptor& other = client_told ? one.server : one.client;
    say(other, "is anybody there?");
    fence();
    EXPECT_FALSE(anything_from(other));
    const ends again = connect();  // new ones pass
    say(again.client, "new");
    EXPECT_EQ(hear(again.server, 3), "new");
    EXPECT_EQ(proxy->connections(), 2U);
    proxy->pass();
    EXPECT_EQ(end_of(other), "(end)");
  }
}

TEST_P(FaultProxy, ALostAnswerEndsItsConnectionAndNoOther) {
  const ends one = connect(), other = connect();
  proxy->lose_answer();
  say(one.client, "question");
  EXPECT_EQ(hear(one.server, 8), "question") << "the question arrives";
  say(one.server, "answer");
  EXPECT_EQ(end_of(one.client), "(end)");
  EXPECT_EQ(proxy->answers_lost(), 1U);
  say(other.server, "answer");
  EXPECT_EQ(hear(other.client, 6), "answer");
}

TEST_P(FaultProxy, TheServerMayBeNamedLaterOrBeGone) {
  proxy->forward_to("");
  EXPECT_EQ(end_of(connect_to(*parse_stream_address(proxy->address()))), "(end)");
  proxy->forward_to(text_of_local(listener));
  const ends one = connect();
  say(one.client, "there");
  EXPECT_EQ(hear(one.server, 5), "there");
  listener.close();
  EXPECT_EQ(end_of(connect_to(*parse_stream_address(proxy->address()))), "(end)");
}

INSTANTIATE_TEST_SUITE_P(On, FaultProxy, testing::Values(true, false),
                         [](const auto& one) { return one.param ? "Tcp" : "Unix"; });

TEST(FaultProxyAddress, WhatIsNoAddressIsRefused) {
  for (const char* text : {"", "localhost:80", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:1x", "relative/path"}) {
    EXPECT_FALSE(parse_stream_address(text)) << text;
  }
  EXPECT_FALSE(parse_stream_address("/" + std::string(200, 'x')));
  EXPECT_FALSE(fault_proxy::open("127.0.0.1:0", "nowhere"));
}

}  // namespace
}  // namespace stack

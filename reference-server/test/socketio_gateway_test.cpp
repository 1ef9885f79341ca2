// The gateway's Socket.IO from outside: tokens, the attach point, the close table in its three forms, the bounds.
#include "reference-server/test/socketio_client_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace gateway_test {
namespace {
using namespace std::chrono_literals;
using namespace std::string_literals;
std::string event(const std::string& message) {
  return R"(42["message",)" + message + "]";
}

struct SocketIo : testing::Test {
  temporary_directory directory;
  private_redis redis{directory};
  wire between{directory, redis};
  std::optional<running_gateway> gateway;
  std::optional<engine_client> server;

  void start(const std::vector<std::string>& flags = {}) {
    gateway.emplace(directory, between.socket(), flags);
    server.emplace(gateway->port(), "/socket.io/");
  }
  std::string publish(const std::string& user, const std::string& payload) {
    return redis({"PUBLISH", "chat:user:" + user, payload});
  }
  std::string connect(const std::string& user, std::chrono::system_clock::duration valid = 1h) {
    return R"(40{"token":")" + gateway->token(user, valid) + "\"}";
  }
  // A session that got its `ready`, over WebSocket.
  std::unique_ptr<engine_socket> ready(const std::string& user) {
    auto socket = std::make_unique<engine_socket>(*server);
    socket->send(connect(user));
    EXPECT_TRUE(socket->text().starts_with(R"(40{"sid":)"));
    EXPECT_EQ(socket->text(), R"(42["ready",{"user":")" + user + "\"}]");
    return socket;
  }
  // The same over polling; its sid.
  std::string ready_polling(const std::string& user) {
    const auto sid = server->open();
    EXPECT_EQ(server->post(sid, connect(user)).body, "ok");
    EXPECT_TRUE(polled(sid, 2).ends_with(R"(42["ready",{"user":")" + user + "\"}]"));
    return sid;
  }
  // So many packets, from as many polls as it takes, joined as in one.
  std::string polled(const std::string& sid, int packets) {
    std::string all;
    for (int have = 0; have < packets;) {
      const auto answer = server->poll(sid);
      if (answer.status != 200) throw std::runtime_error("poll: " + std::to_string(answer.status) + answer.body);
      have += 1 + static_cast<int>(std::count(answer.body.begin(), answer.body.end(), '\x1e'));
      all += (all.empty() ? "" : "\x1e") + answer.body;
    }
    return all;
  }
  std::string too_late(const std::string& sid) {
    const auto answer = server->poll(sid);
    return std::to_string(answer.status) + answer.body;
  }
  const std::string unknown = R"(400{"code":1,"message":"Session ID unknown"})";
};

TEST_F(SocketIo, DeliversOverEveryTransportAndToPlainSockets) {
  start({"--name", "g7"});
  const auto plain = gateway->ready("bob");
  const auto socket = ready("bob");
  const auto sid = ready_polling("bob");
  EXPECT_TRUE(sid.starts_with("g7-")) << sid;
  EXPECT_TRUE(member(socket->opening(), "sid").starts_with("g7-"));
  EXPECT_EQ(publish("bob", R"(m{"id":1,"body":"\u00e9\n"})"), "1");
  EXPECT_EQ(publish("bob", R"(m{"id":2})"), "1");
  EXPECT_EQ(publish("eve", R"(m{"id":3})"), "0");
  EXPECT_EQ(plain->next().payload, message_frame(R"({"id":1,"body":"\u00e9\n"})"));
  EXPECT_EQ(socket->text(), event(R"({"id":1,"body":"\u00e9\n"})"));
  EXPECT_EQ(socket->text(), event(R"({"id":2})"));
  EXPECT_EQ(polled(sid, 2), event(R"({"id":1,"body":"\u00e9\n"})") + "\x1e" + event(R"({"id":2})"));
}

TEST_F(SocketIo, RefusesABadTokenAndTakesAGoodOneAfterIt) {
  start();
  engine_socket socket(*server);
  for (const auto& refused : {"40"s, R"(40{"token":1})"s, R"(40{"token":"x.y.z"})"s, connect("bob", -1s)}) {
    socket.send(refused);
    const auto answer = socket.text();
    EXPECT_TRUE(answer.starts_with("44{")) << answer;
    EXPECT_EQ(member(answer, "status"), "401") << answer;
  }
  socket.send(connect("bob"));
  EXPECT_TRUE(socket.text().starts_with("40{"));
  EXPECT_EQ(socket.text(), R"(42["ready",{"user":"bob"}])");
}

TEST_F(SocketIo, NothingIsReplayedAndLeavingEndsTheSubscription) {
  start();
  const auto socket = ready("bob");
  socket->send("41");
  EXPECT_TRUE(eventually([&] { return publish("bob", "m1") == "0"; }));
  socket->send(connect("bob"));
  EXPECT_TRUE(socket->text().starts_with("40{"));
  EXPECT_EQ(socket->text(), R"(42["ready",{"user":"bob"}])");
  EXPECT_EQ(publish("bob", "m2"), "1");
  EXPECT_EQ(socket->text(), event("2"));
  socket->send("1");
  EXPECT_EQ(socket->close_code(), 1000);
  EXPECT_TRUE(eventually([&] { return publish("bob", "m3") == "0"; }));
  EXPECT_EQ(gateway->metric("sessions"), 0u);
}

TEST_F(SocketIo, AnAnswerOfRedisForTheConnectBeforeIsNotForTheNext) {
  start();
  const auto plain = gateway->ready("bob");  // keeps the channel
  engine_socket socket(*server);
  between.hold_answers(true);
  socket.send(connect("bob"));
  EXPECT_TRUE(socket.text().starts_with("40{"));
  ASSERT_TRUE(eventually([&] { return redis.calls("subscribe") >= 3; }));
  socket.send("41");
  ASSERT_EQ(publish("bob", "m1"), "1");
  socket.send(connect("bob"));
  EXPECT_TRUE(socket.text().starts_with("40{"));
  ASSERT_TRUE(eventually([&] { return redis.calls("subscribe") >= 4; }));
  ASSERT_EQ(publish("bob", "m2"), "1");
  between.hold_answers(false);
  EXPECT_EQ(socket.text(), R"(42["ready",{"user":"bob"}])");
  EXPECT_EQ(socket.text(), event("2"));  // 1 stood before the second attach point
}

TEST_F(SocketIo, AnUpgradeKeepsTheAttachPointAndTheOrder) {
  start();
  const auto sid = ready_polling("bob");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(server->poll(sid).body, event("1"));
  engine_socket socket(*server, sid);
  EXPECT_EQ(publish("bob", "m2"), "1");
  socket.send("2probe");
  EXPECT_EQ(socket.text(), "3probe");
  EXPECT_EQ(publish("bob", "m3"), "1");
  const auto before = redis.calls("subscribe");
  socket.send("5");
  EXPECT_EQ(publish("bob", "m4"), "1");
  for (const auto n : {"2", "3", "4"}) EXPECT_EQ(socket.text(), event(n));
  EXPECT_EQ(redis.calls("subscribe"), before);
  EXPECT_EQ(redis.calls("unsubscribe"), 0u);
}

TEST_F(SocketIo, AMessageInTheUpgradeComesOnceByTheReleasedPoll) {
  start();
  const auto sid = ready_polling("bob");
  engine_socket socket(*server, sid);
  socket.send("2probe");
  EXPECT_EQ(socket.text(), "3probe");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(server->poll(sid).body, event("1"));
  EXPECT_EQ(server->poll(sid).body, "6");  // while upgrading no poll is held for long
  socket.send("5");
  EXPECT_EQ(publish("bob", "m2"), "1");
  EXPECT_EQ(socket.text(), event("2"));
}

TEST_F(SocketIo, AResyncClosesWith1012AndTellsPollingClients) {
  start();
  const auto socket = ready("bob");
  const auto sid = ready_polling("bob"), between_polls = ready_polling("bob");
  const auto held = server->held_poll(sid);
  const auto other = ready("alice");
  EXPECT_EQ(publish("bob", "r"), "1");
  EXPECT_EQ(socket->close_code(), 1012);
  EXPECT_EQ(held->answer().body, "1");
  EXPECT_EQ(too_late(sid), unknown);
  EXPECT_EQ(server->post(between_polls, "3").body, "ok");  // it does not know yet
  EXPECT_EQ(server->poll(between_polls).body, "1");
  EXPECT_EQ(too_late(between_polls), unknown);
  EXPECT_EQ(publish("alice", "m1"), "1");
  EXPECT_EQ(other->text(), event("1"));
  EXPECT_EQ(redis({"PUBLISH", "chat:all", "r"}), "1");
  EXPECT_EQ(other->close_code(), 1012);
}

TEST_F(SocketIo, ALostLinkClosesAllAndRefusesUntilItIsBack) {
  start();
  const auto socket = ready("bob");
  engine_socket waiting(*server);  // has not connected
  const auto sid = ready_polling("alice");
  const auto held = server->held_poll(sid);
  redis.kill();
  EXPECT_EQ(socket->close_code(), 1012);
  EXPECT_EQ(waiting.close_code(), 1012);
  EXPECT_EQ(held->answer().body, "1");
  const auto refused = server->ask("GET", "?EIO=4&transport=polling");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.head.find("\r\nRetry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(server->handshake_status("?EIO=4&transport=websocket"), 503);
  redis.start();
  ASSERT_TRUE(eventually([&] { return gateway->metric("redis_up") == 1; }));
  const auto again = ready("bob");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(again->text(), event("1"));
}

TEST_F(SocketIo, AStopSays1001AndTellsHeldPolls) {
  start();
  const auto socket = ready("bob");
  const auto sid = ready_polling("bob");
  const auto held = server->held_poll(sid);
  ready_polling("bob");  // nobody asks for its end
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(socket->text() + held->answer().body, event("1") + event("1"));
  const auto last = server->held_poll(sid);
  // The server has the poll when a later request on the same thread is answered.
  EXPECT_EQ(server->ask("GET", "?EIO=4").status, 400);
  gateway->itself().signal(SIGTERM);
  EXPECT_EQ(socket->wire().next().close_code(), 1001);
  EXPECT_EQ(last->answer().body, "1");
  EXPECT_EQ(gateway->itself().wait(), 0);
}

TEST_F(SocketIo, ATokensEndSends41AndEndsTheSession) {
  start();
  const auto end = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + 4s;
  const auto until = [&] { return end - std::chrono::system_clock::now() + 1ms; };
  const auto connects = [&](engine_socket& socket) {
    socket.send(connect("bob", until()));
    EXPECT_TRUE(socket.text().starts_with("40{"));
    EXPECT_EQ(socket.text(), R"(42["ready",{"user":"bob"}])");
  };
  engine_socket socket(*server);
  connects(socket);
  const auto sid = server->open(), upgrading = server->open();
  for (const auto& s : {sid, upgrading}) {
    server->post(s, connect("bob", until()));
    polled(s, 2);
  }
  engine_socket upgraded(*server, upgrading);
  upgraded.send("2probe");
  EXPECT_EQ(upgraded.text(), "3probe");
  upgraded.send("5");
  EXPECT_EQ(socket.text(), "41");
  EXPECT_GE(std::chrono::system_clock::now(), end - 1ms);
  EXPECT_EQ(socket.close_code(), 4401);
  EXPECT_EQ(upgraded.text(), "41");
  EXPECT_EQ(upgraded.close_code(), 4401);
  ASSERT_TRUE(eventually([&] { return publish("bob", "m1") == "0"; }));
  EXPECT_EQ(server->poll(sid).body,
            "41\x1e"
            "1");
  EXPECT_EQ(too_late(sid), unknown);
  EXPECT_EQ(gateway->metric("closed_expired_total"), 3u);
}

TEST_F(SocketIo, WhatIsTooBigIs1009Or413) {
  start();
  engine_socket socket(*server);
  socket.send("4" + std::string(4096, 'x'));
  EXPECT_EQ(socket.close_code(), 1009);
  for (const std::size_t size : {std::size_t{4097}, std::size_t{100'000}}) {
    const auto sid = ready_polling("bob");
    EXPECT_EQ(server->post(sid, "4" + std::string(size - 1, 'x')).status, 413);
    EXPECT_EQ(too_late(sid), unknown) << size;
  }
  const auto sid = ready_polling("bob");
  EXPECT_EQ(server->post(sid, R"(42["x",")" + std::string(4086, 'x') + "\"]").body, "ok");
  EXPECT_EQ(publish("bob", "m1"), "1");
  EXPECT_EQ(server->poll(sid).body, event("1"));
}

TEST_F(SocketIo, APollingClientThatDoesNotAskIsDroppedAsSlow) {
  start();
  const auto sid = ready_polling("bob");
  const auto quick = ready("bob");
  for (int i = 0; gateway->metric("closed_slow_total") == 0; ++i) {
    ASSERT_LE(i, 2000);
    publish("bob", "m" + std::to_string(i));
    EXPECT_EQ(quick->text(), event(std::to_string(i)));
  }
  EXPECT_EQ(too_late(sid), unknown);
  const std::string large(300'000, 'x');
  const auto fat = ready_polling("bob");
  const auto publish_large = [&] {
    publish("bob", "m" + large);
    EXPECT_EQ(quick->text(), event(large));
  };
  publish_large();
  EXPECT_EQ(server->poll(fat).body, event(large));
  publish_large();
  publish_large();
  EXPECT_TRUE(eventually([&] { return gateway->metric("closed_slow_total") == 2; }));
  EXPECT_EQ(too_late(fat), unknown);
}

TEST_F(SocketIo, ASlowWebSocketIsClosedWith1013) {
  start();
  client slow(gateway->port(), "/socket.io/?EIO=4&transport=websocket", upgrade, 4096);
  slow.next();
  slow.send_frame(0x81, connect("bob"));
  slow.next();
  slow.next();
  for (int i = 0; gateway->metric("closed_slow_total") == 0; ++i) {
    ASSERT_LE(i, 1000);
    for (int k = 0; k < 100; ++k) publish("bob", "m" + std::string(1000, 'x'));
  }
  const auto frames = slow.rest();
  ASSERT_FALSE(frames.empty());
  if (frames.back().opcode == 8) {  // else it had to be a reset
    EXPECT_EQ(frames.back().close_code(), 1013);
  }
}

TEST_F(SocketIo, OriginsAreHeldToTheList) {
  start({"--origin", "https://chat.example"});
  const auto ask = [&](const std::string& method, const std::string& headers) {
    return http_call(gateway->port(), method, server->target("polling"), "", headers).answer();
  };
  const auto good = ask("GET", "Origin: https://chat.example\r\n");
  EXPECT_EQ(good.status, 200);
  EXPECT_NE(good.head.find("\r\nAccess-Control-Allow-Origin: https://chat.example\r\n"), std::string::npos);
  EXPECT_EQ(ask("OPTIONS", "Origin: https://chat.example\r\n").status, 204);
  const auto bad = ask("GET", "Origin: https://other.example\r\n");
  EXPECT_EQ(bad.status, 403);
  EXPECT_EQ(bad.head.find("Access-Control"), std::string::npos);
  EXPECT_EQ(ask("GET", "").status, 200);
  client socket(gateway->port(), server->target("websocket"), upgrade + "Origin: https://other.example\r\n");
  EXPECT_EQ(socket.status(), 403);
}

// What comes behind a held poll on its connection is served after what all sockets of the user are told, not within:
// here it ends the session that is next in line, and the one behind that must not be left out.
TEST_F(SocketIo, ARequestBehindAHeldPollDisturbsNobody) {
  start();
  const auto first = ready_polling("bob"), second = ready_polling("bob");
  const auto third = ready("bob");
  const auto head = [&](const std::string& method, const std::string& sid) {
    return method + " " + server->target("polling", sid) + " HTTP/1.1\r\nHost: x\r\n";
  };
  http_call pipe(gateway->port(), head("GET", first) + "\r\n" + head("POST", second) + "Content-Length: 1\r\n\r\n1" +
                                      head("GET", "") + "Connection: close\r\n\r\n");
  EXPECT_EQ(server->ask("GET", "?EIO=4").status, 400);  // by now the poll is held
  publish("bob", "r");
  EXPECT_EQ(third->close_code(), 1012);
  const auto answers = pipe.answer();
  EXPECT_EQ(answers.status, 200);
  EXPECT_TRUE(answers.body.starts_with("1HTTP/1.1 200 OK")) << answers.body;
}

}  // namespace
}  // namespace gateway_test

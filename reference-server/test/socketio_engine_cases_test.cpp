// The cases of the public suite of Engine.IO 4 (25), in the strict form: where a server has to close, the heartbeat's
// times are far longer than the test waits, or pings are answered, so that only the fault itself can be the cause. What
// needs nothing given back runs at both paths of the echo server, as the suite of Socket.IO has it too, and against the
// gateway.
#include "reference-server/test/socketio_served_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace gateway_test {
namespace {
using namespace std::chrono_literals;

// The sixteen that both suites have: handshake, heartbeat, close, upgrade.
struct EngineCases : testing::TestWithParam<where>, Served {
  engine_client server(const flags& given = {}) { return start(GetParam(), given); }
  std::uint64_t longest() const { return GetParam() == where::gateway ? 4096 : 1'000'000; }
  void expect_opening(const std::string& packet, const std::string& upgrades) {
    EXPECT_TRUE(packet.starts_with("0{"));
    EXPECT_EQ(member(packet, "upgrades"), upgrades);
    EXPECT_EQ(member(packet, "pingInterval"), "25000");
    EXPECT_EQ(member(packet, "pingTimeout"), "20000");
    EXPECT_EQ(member(packet, "maxPayload"), std::to_string(longest()));
    EXPECT_THAT(member(packet, "sid"), testing::MatchesRegex("[A-Za-z0-9_-]{20,}"));
    EXPECT_EQ(std::count(packet.begin(), packet.end(), ':'), 5);
  }
};
INSTANTIATE_TEST_SUITE_P(, EngineCases, testing::Values(where::bare_echo, where::socketio_echo, where::gateway),
                         [](const auto& at) {
                           return at.param == where::bare_echo       ? "EngineIo"
                                  : at.param == where::socketio_echo ? "SocketIo"
                                                                     : "Gateway";
                         });

TEST_P(EngineCases, HandshakePollingOpensASession) {
  const auto answer = server().ask("GET", "?EIO=4&transport=polling");
  EXPECT_EQ(answer.status, 200);
  expect_opening(answer.body, R"(["websocket"])");
}

TEST_P(EngineCases, HandshakePollingFailsWithABadVersion) {
  const auto s = server();
  for (const auto query : {"?transport=polling", "?EIO=abc&transport=polling", "?EIO=3&transport=polling"}) {
    const auto answer = s.ask("GET", query);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, R"({"code":5,"message":"Unsupported protocol version"})");
  }
}

TEST_P(EngineCases, HandshakePollingFailsWithABadTransport) {
  const auto s = server();
  for (const auto query : {"?EIO=4", "?EIO=4&transport=abc"}) {
    const auto answer = s.ask("GET", query);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, R"({"code":0,"message":"Transport unknown"})");
  }
}

TEST_P(EngineCases, HandshakePollingFailsWithABadMethod) {
  const auto s = server();
  for (const auto method : {"POST", "PUT", "OPTIONS"}) {
    const auto answer = s.ask(method, "?EIO=4&transport=polling");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, R"({"code":2,"message":"Bad handshake method"})");
  }
}

TEST_P(EngineCases, HandshakeWebSocketOpensASession) {
  const engine_socket socket(server());
  EXPECT_TRUE(socket.opening().starts_with("0{"));
  expect_opening(socket.opening(), "[]");
}

TEST_P(EngineCases, HandshakeWebSocketFailsWithABadVersion) {
  const auto s = server();
  EXPECT_EQ(s.handshake_status("?transport=websocket"), 400);
  EXPECT_EQ(s.handshake_status("?EIO=abc&transport=websocket"), 400);
}

TEST_P(EngineCases, HandshakeWebSocketFailsWithABadTransport) {
  const auto s = server();
  EXPECT_EQ(s.handshake_status("?EIO=4"), 400);
  EXPECT_EQ(s.handshake_status("?EIO=4&transport=abc"), 400);
  EXPECT_EQ(s.ask("GET", "?EIO=4&transport=websocket").status, 400);  // and without an upgrade
}

TEST_P(EngineCases, HeartbeatPollingPingsAndTakesPongs) {
  const auto s = server(quick);
  const auto sid = s.open();
  if (GetParam() != where::bare_echo) {
    s.post(sid, "40" + (gateway ? R"({"token":")" + gateway->token("bob") + "\"}" : ""));
  }
  for (int pings = 0; pings < 3;) {
    const auto answer = s.poll(sid);
    ASSERT_EQ(answer.status, 200);
    if (answer.body != "2") continue;
    ++pings;
    EXPECT_EQ(s.post(sid, "3").status, 200);
  }
}

TEST_P(EngineCases, HeartbeatPollingEndsWithoutAPong) {
  const auto s = server({"--ping-interval", "300ms", "--ping-timeout", "3s", "--connect-timeout", "30s"});
  const auto sid = s.open();
  EXPECT_EQ(s.poll(sid).body, "2");
  EXPECT_EQ(s.poll(sid).body, "1");  // held until the end of the session
  const auto gone = s.poll(sid);
  EXPECT_EQ(gone.status, 400);
  EXPECT_EQ(gone.body, R"({"code":1,"message":"Session ID unknown"})");
}

TEST_P(EngineCases, HeartbeatWebSocketPingsAndTakesPongs) {
  engine_socket socket(server({"--ping-interval", "300ms", "--ping-timeout", "3s", "--connect-timeout", "30s"}));
  socket.answer_pings(false);
  const auto begin = std::chrono::steady_clock::now();
  for (int pings = 0; pings < 14; ++pings) {  // longer than a session lives without pongs
    ASSERT_EQ(socket.text(), "2");
    socket.send("3");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);  // the interval rules, not the timeout
}

TEST_P(EngineCases, HeartbeatWebSocketEndsWithoutAPong) {
  engine_socket socket(server({"--ping-interval", "300ms", "--ping-timeout", "3s", "--connect-timeout", "30s"}));
  socket.answer_pings(false);
  ASSERT_EQ(socket.text(), "2");
  const auto pinged = std::chrono::steady_clock::now();
  socket.send("4\x01");  // traffic, though no pong; at the Socket.IO path it would be a fault
  socket.close_code();
  if (GetParam() == where::bare_echo) {
    EXPECT_GT(std::chrono::steady_clock::now() - pinged, 300ms);
  }
}

TEST_P(EngineCases, ClosePollingForcefully) {
  const auto s = server();
  const auto sid = s.open();
  const auto held = s.held_poll(sid);
  EXPECT_EQ(s.post(sid, "1").status, 200);
  const auto answer = held->answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "6");
  EXPECT_EQ(s.poll(sid).status, 400);
}

TEST_P(EngineCases, CloseWebSocketForcefully) {
  engine_socket socket(server());
  socket.send("1");
  EXPECT_EQ(socket.close_code(), 1000);
}

// Up to the probe's answer, a poll released by it.
std::unique_ptr<engine_socket> probed(const engine_client& s, const std::string& sid) {
  const auto held = s.held_poll(sid);
  auto socket = std::make_unique<engine_socket>(s, sid);
  socket->send("2probe");
  EXPECT_EQ(socket->text(), "3probe");
  const auto released = held->answer();
  EXPECT_EQ(released.status, 200);
  EXPECT_EQ(released.body, "6");
  return socket;
}

TEST_P(EngineCases, UpgradeFromPollingToWebSocket) {
  const auto s = server();
  const auto sid = s.open();
  const auto socket = probed(s, sid);
  socket->send("5");
  if (GetParam() == where::bare_echo) {
    socket->send("4hello");
    EXPECT_EQ(socket->text(), "4hello");
  } else {
    socket->send("40/random,");
    EXPECT_EQ(socket->text(), R"(44/random,{"message":"Invalid namespace"})");
  }
}

TEST_P(EngineCases, UpgradeEndsPollingWithTheSameSid) {
  const auto s = server();
  const auto sid = s.open();
  const auto socket = probed(s, sid);
  socket->send("5");
  const auto answer = s.poll(sid);  // may be there before the `5` is, and is held until then
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"code":3,"message":"Bad request"})");
  EXPECT_EQ(s.post(sid, "4x").status, 400);
  socket->send("1");
  EXPECT_EQ(socket->close_code(), 1000);  // it lived on
}

TEST_P(EngineCases, UpgradeIsNotRepeatedWithTheSameSid) {
  const auto s = server();
  const auto sid = s.open();
  const auto socket = probed(s, sid);
  socket->send("5");
  engine_socket second(s, sid);
  second.answer_pings(false);
  second.close_code();
  socket->send("1");
  EXPECT_EQ(socket->close_code(), 1000);
}

// Faults of polling, of the Engine.IO suite; they need nothing given back.
TEST_P(EngineCases, PollingEndsUponAnInvalidPacket) {
  const auto s = server();
  const auto sid = s.open();
  EXPECT_EQ(s.post(sid, "abc").status, 400);
  EXPECT_EQ(s.poll(sid).status, 400);
}

TEST_P(EngineCases, PollingEndsUponASecondPoll) {
  const auto s = server();
  const auto sid = s.open();
  const auto first = s.held_poll(sid), second = s.held_poll(sid);  // whichever comes first
  const auto one = first->answer(), other = second->answer();
  EXPECT_EQ(one.status + other.status, 200 + 400);
  EXPECT_EQ((one.status == 200 ? one : other).body, "1");
  EXPECT_EQ(s.poll(sid).status, 400);
}

TEST_P(EngineCases, PollingEndsUponABrokenPoll) {
  const auto s = server();
  const auto sid = s.open();
  s.held_poll(sid)->break_off();
  // A further poll would be a fault of its own; a POST is none as long as the session lives.
  EXPECT_TRUE(eventually([&] { return s.post(sid, "3").status == 400; }));
  EXPECT_EQ(s.poll(sid).status, 400);
}

TEST_P(EngineCases, WebSocketEndsUponAnInvalidPacket) {
  engine_socket socket(server());
  socket.send("abc");
  EXPECT_EQ(socket.close_code(), 0);
}

// The rest of the Engine.IO suite: five that echo.
struct EngineEcho : testing::Test, Served {
  engine_client server = start(where::bare_echo);
};

TEST_F(EngineEcho, PollingCarriesOnePacket) {
  const auto sid = server.open();
  const auto answer = server.post(sid, "4hello");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "ok");
  EXPECT_EQ(server.poll(sid).body, "4hello");
}

TEST_F(EngineEcho, PollingCarriesSeveralPackets) {
  const auto sid = server.open();
  EXPECT_EQ(server
                .post(sid,
                      "4test1\x1e"
                      "4test2\x1e"
                      "4test3")
                .body,
            "ok");
  EXPECT_EQ(server.poll(sid).body,
            "4test1\x1e"
            "4test2\x1e"
            "4test3");
}

TEST_F(EngineEcho, PollingCarriesTextAndBinary) {
  const auto sid = server.open();
  EXPECT_EQ(server
                .post(sid,
                      "4hello\x1e"
                      "bAQIDBA==")
                .body,
            "ok");
  EXPECT_EQ(server.poll(sid).body,
            "4hello\x1e"
            "bAQIDBA==");
}

TEST_F(EngineEcho, WebSocketCarriesText) {
  engine_socket socket(server);
  socket.send("4hello");
  EXPECT_EQ(socket.text(), "4hello");
}

TEST_F(EngineEcho, WebSocketCarriesBinary) {
  engine_socket socket(server);
  socket.send_binary("\x01\x02\x03\x04");
  const auto back = socket.next();
  EXPECT_EQ(back.opcode, 2);
  EXPECT_EQ(back.payload, "\x01\x02\x03\x04");
}

}  // namespace
}  // namespace gateway_test

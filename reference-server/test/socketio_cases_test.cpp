// The sixteen cases of the public suite of Socket.IO 5 that are not those of Engine.IO
// (socketio_engine_cases_test.cpp), in the strict form. What needs something given back runs against the echo server
// alone.
#include "reference-server/test/socketio_served_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway_test {
namespace {
using namespace std::string_literals;

struct SocketIoCases : testing::Test, Served {
  engine_client server = start(where::socketio_echo);
  // A socket that has joined and was greeted.
  std::unique_ptr<engine_socket> joined(const std::string& name_space = "") {
    auto socket = std::make_unique<engine_socket>(server);
    socket->send("40" + name_space);
    EXPECT_TRUE(socket->text().starts_with("40" + name_space + "{\"sid\":"));
    EXPECT_EQ(socket->text(), "42" + name_space + "[\"auth\",{}]");
    return socket;
  }
};

TEST_F(SocketIoCases, ConnectsToTheMainNamespaceWithAndWithoutAPayload) {
  engine_socket plain(server), payload(server);
  plain.send("40");
  const auto answer = plain.text();
  EXPECT_THAT(answer, testing::MatchesRegex(R"re(40\{"sid":"[A-Za-z0-9_-]{20}"\})re"));
  EXPECT_NE(member(answer, "sid"), member(plain.opening(), "sid"));
  EXPECT_EQ(plain.text(), R"(42["auth",{}])");
  payload.send(R"(40{"token":"123"})");
  EXPECT_TRUE(payload.text().starts_with(R"(40{"sid":)"));
  EXPECT_EQ(payload.text(), R"(42["auth",{"token":"123"}])");
}

TEST_F(SocketIoCases, ConnectsToACustomNamespaceWithAndWithoutAPayload) {
  engine_socket plain(server), payload(server);
  plain.send("40/custom,");
  EXPECT_TRUE(plain.text().starts_with(R"(40/custom,{"sid":)"));
  EXPECT_EQ(plain.text(), R"(42/custom,["auth",{}])");
  payload.send(R"(40/custom,{"token":"abc"})");
  EXPECT_TRUE(payload.text().starts_with(R"(40/custom,{"sid":)"));
  EXPECT_EQ(payload.text(), R"(42/custom,["auth",{"token":"abc"}])");
}

TEST_F(SocketIoCases, RefusesAnUnknownNamespaceAndStays) {
  engine_socket socket(server);
  socket.send("40/random");
  EXPECT_EQ(socket.text(), R"(44/random,{"message":"Invalid namespace"})");
  socket.send("40");
  EXPECT_TRUE(socket.text().starts_with("40{"));
}

TEST_F(SocketIoCases, DisconnectsFromTheMainNamespaceAndStays) {
  const auto socket = joined();
  socket->send("41");
  socket->send("40");
  EXPECT_TRUE(socket->text().starts_with("40{"));
}

TEST_F(SocketIoCases, DisconnectsFromACustomNamespace) {
  const auto socket = joined();
  socket->send("40/custom");
  EXPECT_TRUE(socket->text().starts_with("40/custom,{"));
  EXPECT_EQ(socket->text(), R"(42/custom,["auth",{}])");
  socket->send("41/custom");
  socket->send(R"(42["message","still here"])");
  EXPECT_EQ(socket->text(), R"(42["message-back","still here"])");
  socket->send(R"(42/custom,["message","gone"])");
  EXPECT_EQ(socket->close_code(), 0);
}

TEST_F(SocketIoCases, CarriesText) {
  const auto socket = joined();
  socket->send(R"(42["message",1,"2",{"3":[true]}])");
  EXPECT_EQ(socket->text(), R"(42["message-back",1,"2",{"3":[true]}])");
}

TEST_F(SocketIoCases, CarriesAttachments) {
  const auto socket = joined();
  socket->send(R"(452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  socket->send_binary("\x01\x02\x03");
  socket->send_binary("\x04\x05\x06");
  EXPECT_EQ(socket->text(), R"(452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  EXPECT_EQ(socket->text(), "\x01\x02\x03");
  EXPECT_EQ(socket->text(), "\x04\x05\x06");
}

TEST_F(SocketIoCases, AcknowledgesText) {
  const auto socket = joined();
  socket->send(R"(42456["message-with-ack",1,"2",{"3":[false]}])");
  EXPECT_EQ(socket->text(), R"(43456[1,"2",{"3":[false]}])");
}

TEST_F(SocketIoCases, AcknowledgesAttachments) {
  const auto socket = joined();
  socket->send(R"(452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  socket->send_binary("\x01\x02\x03");
  socket->send_binary("\x04\x05\x06");
  EXPECT_EQ(socket->text(), R"(462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  EXPECT_EQ(socket->text(), "\x01\x02\x03");
  EXPECT_EQ(socket->text(), "\x04\x05\x06");
}

// Those that have to close, at the echo server and at the gateway, which parses what it then ignores.
struct SocketIoFaults : testing::TestWithParam<where>, Served {
  std::string connect() const { return "40" + (gateway ? R"({"token":")" + gateway->token("bob") + "\"}" : ""s); }
};
INSTANTIATE_TEST_SUITE_P(, SocketIoFaults, testing::Values(where::socketio_echo, where::gateway),
                         [](const auto& at) { return at.param == where::gateway ? "Gateway" : "SocketIo"; });

TEST_P(SocketIoFaults, CloseBeforeConnect) {
  const auto s = start(GetParam());
  for (const auto fault :
       {R"(42["message"])", "4abc", "4", "41", "43[]", R"(44{"message":"x"})", "40[]", R"(40"x")", "2"}) {
    engine_socket socket(s);
    socket.send(fault);
    EXPECT_EQ(socket.close_code(), 0) << fault;
  }
}

TEST_P(SocketIoFaults, CloseWhoeverDoesNotConnect) {
  engine_socket socket(start(GetParam(), quick));
  socket.send("40/random");
  EXPECT_EQ(socket.text(), R"(44/random,{"message":"Invalid namespace"})");
  EXPECT_EQ(socket.close_code(), 0);
}

TEST_P(SocketIoFaults, CloseAfterConnect) {
  const auto s = start(GetParam());
  for (const auto fault :
       {"4abc", "42{}", R"(42["x")", "42abc[\"message-with-ack\",1]", "42", R"(42["disconnect"])", R"(42/zzz,["x"])",
        "40", R"(4511-["x"])", R"(451-["x",{"_placeholder":true,"num":1}])", "2", "x"}) {
    engine_socket socket(s);
    socket.send(connect());
    ASSERT_TRUE(socket.text().starts_with("40{"));
    socket.send(R"(42["nobody-listens",{}])");
    socket.send(fault);
    EXPECT_EQ(socket.close_code(), 0) << fault;
  }
  engine_socket socket(s);
  socket.send(connect());
  socket.send_binary("not announced");
  EXPECT_EQ(socket.close_code(), 0);
}

TEST_P(SocketIoFaults, CloseOverPollingToo) {
  const auto s = start(GetParam());
  const auto sid = s.open();
  EXPECT_EQ(s.post(sid, connect()).body, "ok");
  EXPECT_EQ(s.post(sid, "42{}").status, 400);
  EXPECT_EQ(s.poll(sid).status, 400);
}

}  // namespace
}  // namespace gateway_test

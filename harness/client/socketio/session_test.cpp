#include "harness/client/socketio/session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace client::socketio {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view open_packet =
    R"(0{"sid":"abc_-1","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})";

std::vector<std::string> taken(session& from) {
  return std::exchange(from.outgoing(), {});
}

// With the namespace joined.
session joined(session_options options = {}) {
  session out(std::move(options));
  out.read(open_packet, time_point{});
  out.read(R"(40{"sid":"ns"})", time_point{});
  taken(out);
  return out;
}

TEST(SocketioSession, OpensJoinsAndHearsEvents) {
  session one({});
  EXPECT_FALSE(one.is_open());
  EXPECT_EQ(one.silent_at(), time_point::max());
  EXPECT_EQ(one.read(open_packet, time_point{} + 5s).what, step::opened);
  ASSERT_TRUE(one.shaken());
  EXPECT_EQ(one.shaken()->sid, "abc_-1");
  EXPECT_TRUE(one.shaken()->offers_websocket);
  EXPECT_EQ(one.shaken()->max_payload, 1'000'000U);
  EXPECT_EQ(one.silent_at(), time_point{} + 50s);
  EXPECT_EQ(taken(one), std::vector<std::string>{"40"});
  const auto connected = one.read(R"(40{"sid":"ns"})", time_point{});
  EXPECT_EQ(connected.what, step::connected);
  EXPECT_EQ(connected.text, R"({"sid":"ns"})");
  EXPECT_TRUE(one.is_connected());
  const auto event = one.read(R"(427["new",{"id":1}])", time_point{});
  EXPECT_EQ(event.what, step::event);
  EXPECT_EQ(event.text, R"(["new",{"id":1}])");
  EXPECT_EQ(event.ack, 7U);
}

TEST(SocketioSession, NamespaceAndAuthGoIntoEveryPacket) {
  session one({.name_space = "/chat", .auth = R"({"token":"t"})"});
  one.read(open_packet, time_point{});
  EXPECT_EQ(taken(one), std::vector<std::string>{R"(40/chat,{"token":"t"})"});
  EXPECT_EQ(one.read(R"(40{"sid":"other"})", time_point{}).what, step::nothing) << "another namespace";
  EXPECT_EQ(one.read(R"(40/chat,{"sid":"ns"})", time_point{}).what, step::connected);
  EXPECT_EQ(one.read(R"(42["x"])", time_point{}).what, step::nothing);
  EXPECT_EQ(one.read(R"(42/chat,["x"])", time_point{}).what, step::event);
  one.emit(R"(["join",3])", 0);
  one.acknowledge("[]", 4);
  one.leave();
  EXPECT_EQ(taken(one), (std::vector<std::string>{R"(42/chat,0["join",3])", "43/chat,4[]", "41/chat,"}));
  const auto answer = one.read("43/chat,0[null,{}]", time_point{});
  EXPECT_EQ(answer.what, step::acknowledged);
  EXPECT_EQ(answer.ack, 0U);
  EXPECT_EQ(answer.text, "[null,{}]");
}

TEST(SocketioSession, APingIsAnsweredAndMovesTheEndOfPatience) {
  session one = joined();
  EXPECT_EQ(one.read("2", time_point{} + 25s).what, step::nothing);
  EXPECT_EQ(taken(one), std::vector<std::string>{"3"});
  EXPECT_EQ(one.silent_at(), time_point{} + 70s);
  one.read(R"(42["x"])", time_point{} + 40s);
  EXPECT_EQ(one.silent_at(), time_point{} + 70s) << "only pings count";
}

TEST(SocketioSession, RefusedLeftAndClosed) {
  session one({});
  one.read(open_packet, time_point{});
  const auto refused = one.read(R"(44{"message":"not authorized"})", time_point{});
  EXPECT_EQ(refused.what, step::refused);
  EXPECT_EQ(refused.text, R"({"message":"not authorized"})");
  EXPECT_EQ(joined().read("41", time_point{}).what, step::left);
  EXPECT_EQ(joined().read("1", time_point{}).what, step::closed);
  EXPECT_EQ(joined().read(R"(44{"message":"late"})", time_point{}).what, step::nothing);
  EXPECT_EQ(joined().read(R"(40{"sid":"again"})", time_point{}).what, step::nothing);
  for (const char* passed_over : {"6", "3", "3probe", "5"}) {
    EXPECT_EQ(joined().read(passed_over, time_point{}).what, step::nothing) << passed_over;
  }
}

TEST(SocketioSession, AttachmentsAreCountedAndTheEventWaitsForThem) {
  session one = joined();
  const std::string list = R"(["f",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])";
  EXPECT_EQ(one.read("452-" + list, time_point{}).what, step::nothing);
  EXPECT_EQ(one.read_attachment(time_point{}).what, step::nothing);
  const auto whole = one.read("bAAEC", time_point{});  // as a poll carries it
  EXPECT_EQ(whole.what, step::event);
  EXPECT_EQ(whole.text, list);
  EXPECT_EQ(one.read_attachment(time_point{}).what, step::broken);

  session other = joined();
  other.read("451-" + list, time_point{});
  EXPECT_EQ(other.read(R"(42["x"])", time_point{}).text, "text where binary data was announced");
  session heartbeat = joined();
  heartbeat.read("451-" + list, time_point{});
  EXPECT_EQ(heartbeat.read("2", time_point{}).what, step::nothing) << "a ping may come between";
  EXPECT_EQ(heartbeat.read_attachment(time_point{}).what, step::event);
}

TEST(SocketioSession, WhatBreaksIt) {
  const auto why = [](session one, std::string_view packet) {
    const auto got = one.read(packet, time_point{});
    EXPECT_EQ(got.what, step::broken) << packet;
    return std::string(got.text);
  };
  EXPECT_EQ(why(session({}), R"(42["x"])"), "the first packet is no handshake");
  EXPECT_EQ(why(session({}), "0{"), "the handshake is not JSON");
  EXPECT_EQ(why(session({}), "0[]"), "the handshake is not an object");
  EXPECT_EQ(why(session({}), R"(0{"sid":"a b","upgrades":[],"pingInterval":1,"pingTimeout":1})"),
            "the handshake's sid cannot stand in a query");
  EXPECT_EQ(why(session({}), R"(0{"sid":"a","upgrades":[],"pingInterval":0,"pingTimeout":1})"),
            "the handshake has no pingInterval");
  EXPECT_EQ(why(session({}), R"(0{"sid":"a","upgrades":[],"pingInterval":1})"), "the handshake has no pingTimeout");
  EXPECT_EQ(why(joined(), open_packet), "a second handshake");
  EXPECT_EQ(why(joined(), "abc"), "no Engine.IO packet");
  EXPECT_EQ(why(joined(), ""), "no Engine.IO packet");
  EXPECT_EQ(why(joined(), "49"), "no such packet type");
  session old({});
  old.read(open_packet, time_point{});
  EXPECT_EQ(why(std::move(old), "40"), "a CONNECT without a sid: not Socket.IO 5");
}

TEST(SocketioPayload, SplitsAndJoins) {
  EXPECT_EQ(split_payload("2\x1e"
                          "42[\"x\"]"),
            (std::vector<std::string_view>{"2", R"(42["x"])"}));
  EXPECT_EQ(split_payload("6"), std::vector<std::string_view>{"6"});
  EXPECT_EQ(split_payload("").size(), 1U) << "an empty body is one packet, and no good one";
  std::vector<std::string> waiting{"40", "42[1]", "3"};
  EXPECT_EQ(take_payload(waiting, 8),
            "40\x1e"
            "42[1]");
  EXPECT_EQ(take_payload(waiting, 0), "3") << "at least one, whatever its size";
  EXPECT_EQ(take_payload(waiting, 100), "");
}

}  // namespace
}  // namespace client::socketio

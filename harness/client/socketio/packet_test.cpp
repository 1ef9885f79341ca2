#include "harness/client/socketio/packet.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client::socketio {
namespace {

TEST(SocketioPacket, ThePartsOfEachType) {
  const auto connect = read_packet(R"(0{"sid":"x"})");
  ASSERT_TRUE(connect);
  EXPECT_EQ(connect->type, packet_type::connect);
  EXPECT_EQ(connect->name_space, "/");
  EXPECT_EQ(connect->json, R"({"sid":"x"})");

  const auto event = read_packet(R"(2/admin,17["a",1])");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, packet_type::event);
  EXPECT_EQ(event->name_space, "/admin");
  EXPECT_EQ(event->ack, 17U);
  EXPECT_EQ(event->json, R"(["a",1])");

  const auto binary = read_packet(R"(52-/x,["f",{"_placeholder":true,"num":0}])");
  ASSERT_TRUE(binary);
  EXPECT_EQ(binary->attachments, 2U);
  EXPECT_EQ(binary->name_space, "/x");

  const auto ack = read_packet("612-/x,3[]");
  ASSERT_TRUE(ack);
  EXPECT_EQ(ack->attachments, 12U);
  EXPECT_EQ(ack->ack, 3U);
}

TEST(SocketioPacket, ANamespaceMayEndWithThePacket) {
  for (const char* text : {"0/random", "0/random,", "1/custom"}) {
    const auto got = read_packet(text);
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(got->name_space, std::string(text).substr(1, std::string(text).find(',') - 1)) << text;
    EXPECT_EQ(got->json, "") << text;
  }
}

TEST(SocketioPacket, WhatIsRefused) {
  const std::vector<std::pair<const char*, const char*>> wrong{
      {"", "no such packet type"},
      {"7[\"a\"]", "no such packet type"},
      {"a", "no such packet type"},
      {"0[]", "a CONNECT holds no object"},
      {"1{}", "a DISCONNECT holds something"},
      {"2", "an EVENT holds no list"},
      {"2{}", "an EVENT holds no list"},
      {"2-1[\"a\"]", "an EVENT holds no list"},
      {"299999999999999999999[\"a\"]", "an acknowledgement's number is too large"},
      {"3[1]", "an ACK without its number"},
      {"31{}", "an ACK holds no list"},
      {"4", "a CONNECT_ERROR says nothing"},
      {"5[\"a\"]", "no number of attachments"},
      {"51[\"a\"]", "no number of attachments"},
      {"51.5-[\"a\"]", "no number of attachments"},
      {"5-1-[\"a\"]", "no number of attachments"},
      {"599999-[\"a\"]", "too many attachments"},
      {"59999999999-[\"a\"]", "no number of attachments"},
  };
  for (const auto& [text, why] : wrong) {
    const auto got = read_packet(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().clause, why) << text;
  }
}

TEST(SocketioPacket, WhatIsWrittenIsReadAgain) {
  EXPECT_EQ(write_packet({.type = packet_type::connect}), "0");
  EXPECT_EQ(write_packet({.type = packet_type::connect, .name_space = "/a", .json = R"({"t":1})"}), R"(0/a,{"t":1})");
  EXPECT_EQ(write_packet({.type = packet_type::disconnect, .name_space = "/a"}), "1/a,");
  EXPECT_EQ(write_packet({.type = packet_type::event, .ack = 0, .json = R"(["q"])"}), R"(20["q"])");
  for (const std::string text : {R"(2/x,5["a"])", R"(51-["a"])", R"(4{"message":"no"})", "1"}) {
    const auto got = read_packet(text);
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(write_packet(*got), text);
  }
}

}  // namespace
}  // namespace client::socketio

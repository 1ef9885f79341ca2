#include "reference-server/socketio/engine_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace socketio {
namespace {
using namespace std::string_literals;

// Each packet as its type's digit and its data, `b:` before binary ones; `!` at the end for what is malformed.
std::vector<std::string> packets(std::string_view body) {
  std::vector<std::string> found;
  payload_reader reader(body);
  while (reader.next()) {
    const auto& p = reader.packet();
    found.push_back((p.binary ? "b:" : std::to_string(static_cast<int>(p.type))) + std::string(p.data));
  }
  if (reader.malformed()) found.push_back("!");
  return found;
}

TEST(EnginePacket, IsADigitAndData) {
  const auto message = parse_packet("4hello");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, packet_type::message);
  EXPECT_EQ(message->data, "hello");
  EXPECT_EQ(parse_packet("6")->type, packet_type::noop);
  EXPECT_EQ(parse_packet("2probe")->data, "probe");
  for (const auto text : {"", "7", "abc", "b", "-1", " 4"}) EXPECT_FALSE(parse_packet(text)) << text;
}

TEST(Payload, IsCutAtTheSeparators) {
  EXPECT_THAT(packets("4test1\x1e"
                      "4test2\x1e"
                      "3"),
              testing::ElementsAre("4test1", "4test2", "3"));
  EXPECT_THAT(packets("41"), testing::ElementsAre("41"));
  EXPECT_THAT(packets("bAQIDBA==\x1e"
                      "4x"),
              testing::ElementsAre("b:\x01\x02\x03\x04", "4x"));
  EXPECT_THAT(packets("b"), testing::ElementsAre("b:"));
}

TEST(Payload, IsReadUpToWhatIsMalformed) {
  EXPECT_THAT(packets("4a\x1e"
                      "abc\x1e"
                      "4b"),
              testing::ElementsAre("4a", "!"));
  for (const auto& body : {""s, "\x1e"s, "4a\x1e"s,
                           "\x1e"
                           "4a"s,
                           "bA"s, "bAQ="s, "bAQ=A"s, "bAR=="s, "bAQ!="s, "b===="s}) {
    EXPECT_EQ(packets(body).back(), "!") << testing::PrintToString(body);
  }
}

TEST(Payload, BinaryIsBase64WithPadding) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "b"}, {"f", "bZg=="}, {"fo", "bZm8="}, {"foo", "bZm9v"}, {"foobar", "bZm9vYmFy"}, {"\xff\xfe\0"s, "b//4A"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(encode_binary(bytes), text);
    EXPECT_THAT(packets(text), testing::ElementsAre("b:" + bytes));
  }
}

TEST(EnginePacket, OpenHoldsFiveKeys) {
  EXPECT_EQ(encode_open({.sid = "g1-x", .upgrade = true, .ping_interval = 300, .ping_timeout = 200}),
            R"(0{"sid":"g1-x","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":4096})");
  EXPECT_EQ(encode_open({.sid = "g1-x", .max_payload = 1}),
            R"(0{"sid":"g1-x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1})");
}

}  // namespace
}  // namespace socketio

// The client-frame parser fed with hand-written bytes, whole and byte by byte.
#include "reference-server/gateway/frame_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway {
namespace {
using namespace std::string_literals;
using testing::ElementsAre;
using kind = frame_parser::kind;

constexpr std::size_t most = 4096;

// A masked frame; `length` may lie about the payload.
std::string frame_bytes(int first, std::string payload, std::size_t length, int length_bytes, bool masked = true) {
  std::string bytes(1, static_cast<char>(first));
  const char mask_bit = masked ? '\x80' : '\0';
  if (length_bytes == 0) {
    bytes += static_cast<char>(static_cast<char>(length) | mask_bit);
  } else {
    bytes += static_cast<char>((length_bytes == 2 ? 126 : 127) | mask_bit);
    for (int i = length_bytes - 1; i >= 0; --i) bytes += static_cast<char>(length >> (8 * i) & 0xff);
  }
  if (!masked) return bytes + payload;
  const std::string mask = "\x37\xfa\x21\x3d";
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  return bytes + mask + payload;
}
std::string frame_bytes(int first, const std::string& payload) {
  const auto size = payload.size();
  return frame_bytes(first, payload, size, size < 126 ? 0 : size < 65536 ? 2 : 8);
}

std::string shown(const frame_parser::event& event) {
  const auto code = std::to_string(static_cast<int>(event.code));
  switch (event.what) {
    case kind::more:
      return "more";
    case kind::message:
      return (event.binary ? "binary " : "text ") + std::string(event.payload);
    case kind::ping:
      return "ping " + std::string(event.payload);
    case kind::pong:
      return "pong " + std::string(event.payload);
    case kind::close:
      return "close " + code + " " + std::string(event.payload);
    case kind::failed:
      return "failed " + code;
  }
  return "?";
}

// All events of these bytes given in pieces of `step`.
std::vector<std::string> events(std::string bytes, std::size_t step) {
  frame_parser parser(most);
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    std::span<char> piece(bytes.data() + i, std::min(step, bytes.size() - i));
    for (;;) {
      const auto event = parser.next(piece);
      if (event.what == kind::more) break;
      seen.push_back(shown(event));
      if (event.what == kind::failed || event.what == kind::close) return seen;
    }
    EXPECT_TRUE(piece.empty());
  }
  return seen;
}
std::vector<std::string> events(const std::string& bytes) {
  const auto whole = events(bytes, bytes.size());
  for (const std::size_t step : {1, 2, 3, 5, 7, 64}) EXPECT_EQ(events(bytes, step), whole) << "pieces of " << step;
  return whole;
}

TEST(FrameParser, TakesTextAndBinary) {
  EXPECT_THAT(events(frame_bytes(0x81, "hello") + frame_bytes(0x82, "\xff\x00"s) + frame_bytes(0x81, "")),
              ElementsAre("text hello", "binary \xff\x00"s, "text "));
}

TEST(FrameParser, TakesTheExampleOfTheRfc) {
  EXPECT_THAT(events("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), ElementsAre("text Hello"));
}

TEST(FrameParser, TakesLengthsUpToTheLimitAndNotOneByteMore) {
  EXPECT_THAT(events(frame_bytes(0x81, std::string(125, 'a'))), ElementsAre("text " + std::string(125, 'a')));
  EXPECT_THAT(events(frame_bytes(0x81, std::string(126, 'a'))), ElementsAre("text " + std::string(126, 'a')));
  EXPECT_THAT(events(frame_bytes(0x81, std::string(most, 'a'))), ElementsAre("text " + std::string(most, 'a')));
  EXPECT_THAT(events(frame_bytes(0x81, std::string(most + 1, 'a'))), ElementsAre("failed 1009"));
  EXPECT_THAT(events(frame_bytes(0x82, "", 1u << 20, 8)), ElementsAre("failed 1009"));
}

TEST(FrameParser, CountsAMessageOverAllItsFragments) {
  const auto half = std::string(most / 2, 'a');
  EXPECT_THAT(events(frame_bytes(0x01, half) + frame_bytes(0x80, half)), ElementsAre("text " + half + half));
  EXPECT_THAT(events(frame_bytes(0x01, half) + frame_bytes(0x80, half + "a")), ElementsAre("failed 1009"));
  EXPECT_THAT(events(frame_bytes(0x01, half) + frame_bytes(0x00, half) + frame_bytes(0x80, "a")),
              ElementsAre("failed 1009"));
}

TEST(FrameParser, RefusesLengthsInMoreBytesThanTheyNeed) {
  EXPECT_THAT(events(frame_bytes(0x82, "", 125, 2)), ElementsAre("failed 1002"));
  EXPECT_THAT(events(frame_bytes(0x82, "", 65535, 8)), ElementsAre("failed 1002"));
  EXPECT_THAT(events(frame_bytes(0x82, "", std::size_t{1} << 63, 8)), ElementsAre("failed 1002"));
}

TEST(FrameParser, RefusesAFrameWithoutAMask) {
  EXPECT_THAT(events(frame_bytes(0x81, "hello", 5, 0, false)), ElementsAre("failed 1002"));
  EXPECT_THAT(events(frame_bytes(0x89, "", 0, 0, false)), ElementsAre("failed 1002"));
}

TEST(FrameParser, RefusesReservedBitsAndOpcodesAtTheirFirstTwoBytes) {
  for (const int first : {0xc1, 0xa1, 0x91, 0xf1, 0xc9, 0x83, 0x84, 0x85, 0x86, 0x87, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f}) {
    EXPECT_THAT(events(frame_bytes(first, "x").substr(0, 2)), ElementsAre("failed 1002")) << std::hex << first;
  }
}

TEST(FrameParser, PutsFragmentsTogetherWithControlFramesBetween) {
  EXPECT_THAT(events(frame_bytes(0x01, "a") + frame_bytes(0x89, "p") + frame_bytes(0x00, "") + frame_bytes(0x8a, "q") +
                     frame_bytes(0x00, "b") + frame_bytes(0x89, "") + frame_bytes(0x80, "c") + frame_bytes(0x81, "d")),
              ElementsAre("ping p", "pong q", "ping ", "text abc", "text d"));
}

TEST(FrameParser, RefusesFragmentsOutOfTurn) {
  EXPECT_THAT(events(frame_bytes(0x80, "a")), ElementsAre("failed 1002"));
  EXPECT_THAT(events(frame_bytes(0x00, "a")), ElementsAre("failed 1002"));
  EXPECT_THAT(events(frame_bytes(0x01, "a") + frame_bytes(0x81, "b")), ElementsAre("failed 1002"));
  EXPECT_THAT(events(frame_bytes(0x01, "a") + frame_bytes(0x80, "b") + frame_bytes(0x80, "c")),
              ElementsAre("text ab", "failed 1002"));
}

TEST(FrameParser, RefusesLongOrFragmentedControlFrames) {
  EXPECT_THAT(events(frame_bytes(0x89, std::string(125, 'a'))), ElementsAre("ping " + std::string(125, 'a')));
  for (const int opcode : {0x88, 0x89, 0x8a}) {
    EXPECT_THAT(events(frame_bytes(opcode, std::string(126, 'a'))), ElementsAre("failed 1002"));
    EXPECT_THAT(events(frame_bytes(opcode & 0x7f, "")), ElementsAre("failed 1002"));
  }
}

TEST(FrameParser, RefusesTextThatIsNotUtf8AtItsFirstWrongByte) {
  EXPECT_THAT(events(frame_bytes(0x81, "a\xff")), ElementsAre("failed 1007"));
  EXPECT_THAT(events(frame_bytes(0x81, "\xc3")), ElementsAre("failed 1007"));
  EXPECT_THAT(events(frame_bytes(0x01, "\xf4\x90")), ElementsAre("failed 1007"));
  // A frame of 100 bytes of which only the first two have come.
  EXPECT_THAT(events(frame_bytes(0x81, "a\xff", 100, 0)), ElementsAre("failed 1007"));
  EXPECT_THAT(events(frame_bytes(0x82, "a\xff")), ElementsAre("binary a\xff"));
}

TEST(FrameParser, AFragmentMayEndInsideACharacterButNotTheMessage) {
  EXPECT_THAT(events(frame_bytes(0x01, "\xe2\x82") + frame_bytes(0x89, "") + frame_bytes(0x80, "\xac")),
              ElementsAre("ping ", "text \xe2\x82\xac"));
  EXPECT_THAT(events(frame_bytes(0x01, "\xe2\x82") + frame_bytes(0x80, "")), ElementsAre("failed 1007"));
}

TEST(FrameParser, ReadsTheCloseCode) {
  EXPECT_THAT(events(frame_bytes(0x88, "")), ElementsAre("close 1005 "));
  EXPECT_THAT(events(frame_bytes(0x88,
                                 "\x03\xe8"
                                 "bye")),
              ElementsAre("close 1000 bye"));
  EXPECT_THAT(events(frame_bytes(0x88, "\x0f\xa0")), ElementsAre("close 4000 "));
  EXPECT_THAT(events(frame_bytes(0x88, "\x03")), ElementsAre("failed 1002"));
  EXPECT_THAT(events(frame_bytes(0x88, "\x03\xe8\xff")), ElementsAre("failed 1007"));
  EXPECT_THAT(events(frame_bytes(0x88, "\x03\xe8\xe2\x82")), ElementsAre("failed 1007"));
}

TEST(FrameParser, TakesOnlyCloseCodesThatMayBeSent) {
  const auto verdict = [](int code) {
    return events(frame_bytes(0x88, {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)}), 100).front();
  };
  for (const int code :
       {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999}) {
    EXPECT_EQ(verdict(code), "close " + std::to_string(code) + " ");
  }
  for (const int code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    EXPECT_EQ(verdict(code), "failed 1002") << code;
  }
}

TEST(FrameParser, IsIdleExactlyBetweenMessages) {
  frame_parser parser(most);
  EXPECT_TRUE(parser.idle());
  std::string bytes = frame_bytes(0x01, "a") + frame_bytes(0x89, "p") + frame_bytes(0x80, "b");
  std::size_t idle = 0;
  for (char& c : bytes) {
    std::span<char> piece(&c, 1);
    while (parser.next(piece).what != kind::more) {
    }
    idle += parser.idle() ? 1 : 0;
  }
  EXPECT_EQ(idle, 1u);  // only after the last byte
}

TEST(FrameParser, HandsAWholeMessageOverWithoutACopy) {
  std::string bytes = frame_bytes(0x81, "hello");
  frame_parser parser(most);
  std::span<char> piece(bytes);
  EXPECT_EQ(parser.next(piece).payload.data(), bytes.data() + 6);
}

}  // namespace
}  // namespace gateway

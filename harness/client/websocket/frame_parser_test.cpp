#include "harness/client/websocket/frame_parser.hpp"

#include "harness/client/websocket/message_assembler.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client::websocket {
namespace {

using namespace std::string_literals;

struct got {
  opcode op;
  bool fin;
  std::string payload;
  bool operator==(const got&) const = default;
};

void PrintTo(const got& frame, std::ostream* out) {
  *out << static_cast<int>(frame.op) << (frame.fin ? " fin " : " part ") << ::testing::PrintToString(frame.payload);
}

struct outcome {
  std::vector<got> frames;
  frame_error error = frame_error::none;
  bool at_boundary = true;
  bool operator==(const outcome&) const = default;
};

// Feeds the bytes in pieces of `piece` (each in memory of its own, gone afterwards).
outcome parse(const std::string& bytes, std::size_t piece, peer from = peer::server, std::size_t limit = 1U << 20U) {
  frame_parser parser(from, limit);
  outcome out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string chunk = bytes.substr(at, piece);
    std::string_view input = chunk;
    frame frame;
    frame_parser::step step{};
    while ((step = parser.next(input, frame)) == frame_parser::step::frame) {
      out.frames.push_back({frame.op, frame.fin, std::string(frame.payload)});
    }
    if (step == frame_parser::step::failed) break;
    EXPECT_TRUE(input.empty());
  }
  out.error = parser.error();
  out.at_boundary = parser.at_boundary();
  return out;
}

void expect_all_splits(const std::string& bytes, const outcome& expected, peer from = peer::server,
                       std::size_t limit = 1U << 20U) {
  for (std::size_t piece = 1; piece <= bytes.size() && piece < 300; ++piece) {
    EXPECT_EQ(parse(bytes, piece, from, limit).frames, expected.frames) << "pieces of " << piece;
    EXPECT_EQ(parse(bytes, piece, from, limit).error, expected.error) << "pieces of " << piece;
    EXPECT_EQ(parse(bytes, piece, from, limit).at_boundary, expected.at_boundary) << "pieces of " << piece;
  }
  EXPECT_EQ(parse(bytes, bytes.size(), from, limit).frames, expected.frames);
}

// The examples of RFC 6455, section 5.7.
TEST(FrameParser, RfcExamples) {
  expect_all_splits("\x81\x05Hello"s, {{{opcode::text, true, "Hello"}}});
  expect_all_splits("\x01\x03Hel\x80\x02lo"s, {{{opcode::text, false, "Hel"}, {opcode::continuation, true, "lo"}}});
  expect_all_splits("\x89\x05Hello\x8a\x05Hello"s, {{{opcode::ping, true, "Hello"}, {opcode::pong, true, "Hello"}}});
  expect_all_splits("\x82\x7E\x01\x00"s + std::string(256, 'b'), {{{opcode::binary, true, std::string(256, 'b')}}});
  expect_all_splits("\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s + std::string(65536, 'b'),
                    {{{opcode::binary, true, std::string(65536, 'b')}}});
  expect_all_splits("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s, {{{opcode::text, true, "Hello"}}}, peer::client);
}

TEST(FrameParser, LengthsAroundTheForms) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U}) {
    const std::string payload(size, 'x');
    for (const auto& mask : {std::optional<mask_key>(), std::optional<mask_key>({1, 2, 3, 4})}) {
      const std::string bytes = encode_frame(opcode::text, payload, mask) + encode_frame(opcode::ping, "p", mask);
      const outcome expected{{{opcode::text, true, payload}, {opcode::ping, true, "p"}}};
      const peer from = mask ? peer::client : peer::server;
      for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}, bytes.size()}) {
        EXPECT_EQ(parse(bytes, piece, from), expected) << size << " in pieces of " << piece;
      }
    }
  }
}

TEST(FrameParser, ControlFramesBetweenFragments) {
  expect_all_splits("\x01\x02\xC3\xA9\x89\x01p\x00\x00\x8A\x00\x80\x01!"s, {{{opcode::text, false, "é"},
                                                                             {opcode::ping, true, "p"},
                                                                             {opcode::continuation, false, ""},
                                                                             {opcode::pong, true, ""},
                                                                             {opcode::continuation, true, "!"}}});
}

TEST(FrameParser, ACharacterMayBeCutByFragments) {
  expect_all_splits("\x01\x01\xC3\x80\x01\xA9"s,
                    {{{opcode::text, false, "\xC3"}, {opcode::continuation, true, "\xA9"}}});
  expect_all_splits("\x02\x01\xC3\x80\x01\xC3"s,
                    {{{opcode::binary, false, "\xC3"}, {opcode::continuation, true, "\xC3"}}});
}

TEST(FrameParser, ClosePayloads) {
  for (const std::string& payload : {""s, "\x03\xE8"s,
                                     "\x03\xE8"
                                     "bye"s,
                                     "\x0F\xA0"s, "\x13\x87"s, "\x03\xF4"s}) {
    const std::string bytes = encode_frame(opcode::close, payload, std::nullopt);
    EXPECT_EQ(parse(bytes, 1), (outcome{{{opcode::close, true, payload}}})) << ::testing::PrintToString(payload);
  }
  for (const std::string& payload :
       {"\x03"s, "\x03\xE7"s, "\x03\xEC"s, "\x03\xED"s, "\x03\xEE"s, "\x03\xF7"s, "\x00\x00"s, "\x0B\xB7"s, "\x13\x88"s,
        "\xFF\xFF"s, "\x03\xE8\xFF"s, "\x03\xE8\xC3"s}) {
    const std::string bytes = encode_frame(opcode::close, payload, std::nullopt);
    EXPECT_EQ(parse(bytes, 1).error, frame_error::bad_close) << ::testing::PrintToString(payload);
    EXPECT_EQ(parse(bytes, bytes.size()).error, frame_error::bad_close);
  }
}

struct violation {
  std::string bytes;  // the last byte is the one that shows it
  frame_error error;
  peer from = peer::server;
};

const std::vector<violation>& violations() {
  static const std::vector<violation> all{
      {"\xC1", frame_error::reserved_bits},
      {"\xA1", frame_error::reserved_bits},
      {"\x91", frame_error::reserved_bits},
      {"\x83", frame_error::unknown_opcode},
      {"\x87", frame_error::unknown_opcode},
      {"\x8B", frame_error::unknown_opcode},
      {"\x8F", frame_error::unknown_opcode},
      {"\x81\x80", frame_error::masked},
      {"\x81\x01"s, frame_error::not_masked, peer::client},
      {"\x09", frame_error::control_fragmented},
      {"\x08", frame_error::control_fragmented},
      {"\x89\x7E", frame_error::control_too_long},
      {"\x88\x7F", frame_error::control_too_long},
      {"\x81\x7E\x00\x7D"s, frame_error::length_not_minimal},
      {"\x81\x7F\x00\x00\x00\x00\x00\x00\xFF\xFF"s, frame_error::length_not_minimal},
      {"\x81\x7F\x80\x00\x00\x00\x00\x00\x00\x00"s, frame_error::too_long},
      {"\x81\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, frame_error::too_long},
      {"\x82\x7F\x00\x00\x00\x00\x00\x10\x00\x01"s, frame_error::too_long},
      {"\x80", frame_error::nothing_to_continue},
      {"\x81\x01x\x00"s, frame_error::nothing_to_continue},
      {"\x01\x01x\x81", frame_error::message_unfinished},
      {"\x02\x01x\x02", frame_error::message_unfinished},
      {"\x81\x09xx\xC0", frame_error::not_utf8},  // long before the frame is complete
      {"\x81\x09xx\xED\xA0", frame_error::not_utf8},
      {"\x01\x01x\x00\x04\xFF"s, frame_error::not_utf8},
      {"\x81\x01\xC3", frame_error::not_utf8},  // the message ends inside a character
      {"\x01\x01\xC3\x80\x00"s, frame_error::not_utf8},
  };
  return all;
}

TEST(FrameParser, ViolationsAreSeenAtTheirByte) {
  for (const violation& each : violations()) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, each.bytes.size()}) {
      EXPECT_EQ(parse(each.bytes, piece, each.from).error, each.error)
          << ::testing::PrintToString(each.bytes) << " in pieces of " << piece;
    }
    const std::string before = each.bytes.substr(0, each.bytes.size() - 1);
    EXPECT_EQ(parse(before, 1, each.from).error, frame_error::none) << ::testing::PrintToString(each.bytes);
  }
}

TEST(FrameParser, FramesBeforeAViolationCount) {
  const outcome result = parse(
      "\x81\x01"
      "a\x83",
      100);
  EXPECT_EQ(result.frames, (std::vector<got>{{opcode::text, true, "a"}}));
  EXPECT_EQ(result.error, frame_error::unknown_opcode);
}

TEST(FrameParser, StaysFailed) {
  frame_parser parser;
  frame out;
  std::string_view bad = "\x83";
  EXPECT_EQ(parser.next(bad, out), frame_parser::step::failed);
  std::string_view good = "\x81\x01x";
  EXPECT_EQ(parser.next(good, out), frame_parser::step::failed);
}

TEST(FrameParser, TheLimitIsForTheWholeMessage) {
  const std::string six =
      "\x01\x03"
      "abc"
      "\x00\x03"
      "def"s;
  EXPECT_EQ(parse(six + "\x80\x04"s, 100, peer::server, 10).error, frame_error::none);
  EXPECT_EQ(parse(six + "\x80\x05"s, 100, peer::server, 10).error, frame_error::too_long);
  // The next message starts from nothing; control frames do not count.
  EXPECT_EQ(parse(six + "\x89\x05"
                        "pingp"
                        "\x80\x04"
                        "ghij"
                        "\x81\x0A"
                        "0123456789"s,
                  100, peer::server, 10)
                .error,
            frame_error::none);
}

TEST(FrameParser, WholeFramesAreViewsOfTheInput) {
  const std::string bytes = "\x81\x05Hello";
  frame_parser parser;
  frame out;
  std::string_view input = bytes;
  ASSERT_EQ(parser.next(input, out), frame_parser::step::frame);
  EXPECT_EQ(out.payload.data(), bytes.data() + 2);
}

TEST(FrameParser, KnowsWhereAStreamMayEnd) {
  EXPECT_TRUE(parse("\x81\x01x", 100).at_boundary);
  EXPECT_FALSE(parse("\x81\x02x", 100).at_boundary);
  EXPECT_FALSE(parse("\x81", 100).at_boundary);
  EXPECT_FALSE(parse("\x01\x01x", 100).at_boundary);
  EXPECT_TRUE(parse("\x81\x01x", 1).at_boundary);
}

TEST(FrameErrors, NamesAndCodes) {
  for (int i = 0; i <= static_cast<int>(frame_error::bad_close); ++i) {
    EXPECT_NE(to_string(static_cast<frame_error>(i)), "unknown");
  }
  EXPECT_EQ(close_code(frame_error::not_utf8), 1007);
  EXPECT_EQ(close_code(frame_error::too_long), 1009);
  EXPECT_EQ(close_code(frame_error::masked), 1002);
}

TEST(EncodeFrame, HandWrittenBytes) {
  EXPECT_EQ(encode_frame(opcode::text, "Hello", std::nullopt), "\x81\x05Hello");
  EXPECT_EQ(encode_frame(opcode::text, "Hello", mask_key{0x37, 0xfa, 0x21, 0x3d}),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(encode_frame(opcode::text, "Hel", std::nullopt, false), "\x01\x03Hel");
  EXPECT_EQ(encode_frame(opcode::pong, "", std::nullopt, true, 4), "\xCA\x00"s);
  EXPECT_EQ(encode_frame(opcode::binary, std::string(126, 'x'), std::nullopt).substr(0, 4), "\x82\x7E\x00\x7E"s);
  EXPECT_EQ(encode_frame(opcode::binary, std::string(65536, 'x'), std::nullopt).substr(0, 10),
            "\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(EncodeClose, HandWrittenBytes) {
  EXPECT_EQ(encode_close(1000, "", std::nullopt), "\x88\x02\x03\xE8");
  EXPECT_EQ(encode_close(4401, "bye", std::nullopt),
            "\x88\x05\x11\x31"
            "bye");
  EXPECT_EQ(encode_close(1005, "", std::nullopt), "\x88\x00"s);
  EXPECT_EQ(decode_close("").code, 1005);
  EXPECT_EQ(decode_close("\x03\xE8"
                         "why")
                .code,
            1000);
  EXPECT_EQ(decode_close("\x03\xE8"
                         "why")
                .reason,
            "why");
}

TEST(MessageAssembler, JoinsFragmentsAndHandsTheRestThrough) {
  message_assembler assembler;
  const std::string payload = "whole";
  const auto whole = assembler.add({opcode::text, true, payload});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->payload.data(), payload.data());
  EXPECT_FALSE(assembler.add({opcode::binary, false, "a"}));
  EXPECT_FALSE(assembler.add({opcode::continuation, false, "b"}));
  const auto joined = assembler.add({opcode::continuation, true, "c"});
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->op, opcode::binary);
  EXPECT_EQ(joined->payload, "abc");
}

}  // namespace
}  // namespace client::websocket

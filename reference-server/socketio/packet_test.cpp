#include "reference-server/socketio/packet.hpp"

#include <gtest/gtest.h>

namespace socketio {
namespace {

TEST(Packet, IsReadInAllItsForms) {
  struct example {
    std::string_view text;
    packet expected;
  };
  const example examples[] = {
      {"0", {.kind = packet_kind::connect}},
      {R"(0{"token":"t"})", {.kind = packet_kind::connect, .json = R"({"token":"t"})"}},
      {"0/admin,", {.kind = packet_kind::connect, .name_space = "/admin"}},
      {"0/admin", {.kind = packet_kind::connect, .name_space = "/admin"}},
      {"0/,", {.kind = packet_kind::connect}},
      {R"(0/admin,{"a":1})", {.kind = packet_kind::connect, .name_space = "/admin", .json = R"({"a":1})"}},
      {"1", {.kind = packet_kind::disconnect}},
      {"1/admin,", {.kind = packet_kind::disconnect, .name_space = "/admin"}},
      {R"(2["a",1])", {.kind = packet_kind::event, .json = R"(["a",1])"}},
      {R"(2[1,"a"])", {.kind = packet_kind::event, .json = R"([1,"a"])"}},
      {R"(212["a"])", {.kind = packet_kind::event, .id = 12, .json = R"(["a"])"}},
      {R"(2/x,0["a"])", {.kind = packet_kind::event, .name_space = "/x", .id = 0, .json = R"(["a"])"}},
      {"37[]", {.kind = packet_kind::ack, .id = 7, .json = "[]"}},
      {R"(4{"message":"no"})", {.kind = packet_kind::connect_error, .json = R"({"message":"no"})"}},
      {R"(51-["f",{"_placeholder":true,"num":0}])",
       {.kind = packet_kind::binary_event, .attachments = 1, .json = R"(["f",{"_placeholder":true,"num":0}])"}},
      {R"(62-/x,17[{"_placeholder":true,"num":1}])",
       {.kind = packet_kind::binary_ack,
        .name_space = "/x",
        .id = 17,
        .attachments = 2,
        .json = R"([{"_placeholder":true,"num":1}])"}},
      {R"(50-["f"])", {.kind = packet_kind::binary_event, .json = R"(["f"])"}},
  };
  for (const auto& [text, expected] : examples) {
    const auto parsed = parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->kind, expected.kind) << text;
    EXPECT_EQ(parsed->name_space, expected.name_space) << text;
    EXPECT_EQ(parsed->id, expected.id) << text;
    EXPECT_EQ(parsed->attachments, expected.attachments) << text;
    EXPECT_EQ(parsed->json, expected.json) << text;
    if (text.ends_with("n") || text == "0/," || text == "0/admin") continue;
    EXPECT_EQ(encode(*parsed), text);
  }
}

TEST(Packet, IsRefusedWhenMalformed) {
  for (const std::string_view text : {"",
                                      "7",
                                      "abc",
                                      "-",
                                      "2",
                                      "2{}",
                                      "2[]",
                                      R"(2["x")",
                                      R"(2["x"]])",
                                      "2[null]",
                                      "2[[]]",
                                      R"(2["disconnect"])",
                                      R"(2["connect_error",1])",
                                      R"(2["newListener"])",
                                      "0[]",
                                      "0null",
                                      "0{",
                                      R"(0"x")",
                                      "1{}",
                                      R"(1["x"])",
                                      "3",
                                      "3{}",
                                      "31",
                                      R"(2abc["x"])",
                                      "299999999999999999999[\"x\"]",
                                      "4",
                                      "4[]",
                                      R"(5["x"])",
                                      R"(5-["x"])",
                                      R"(5x-["x"])",
                                      R"(511-["x"])",
                                      R"(51["x"])",
                                      R"(51-["x",{"_placeholder":true,"num":1}])",
                                      R"(51-["x",{"a":[{"_placeholder":true,"num":-1}]}])",
                                      R"(51-["x",{"_placeholder":true}])",
                                      R"(51-["x",{"_placeholder":true,"num":"0"}])",
                                      "61-{}",
                                      "2[\"x\",\"\xff\"]"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
  EXPECT_FALSE(parse("2" + std::string(1000, '[')));
}

TEST(Packet, AnswersToConnect) {
  EXPECT_EQ(encode_connect("/", "abc"), R"(0{"sid":"abc"})");
  EXPECT_EQ(encode_connect("/custom", "abc"), R"(0/custom,{"sid":"abc"})");
  EXPECT_EQ(encode_connect_error("/random", "Invalid namespace"), R"(4/random,{"message":"Invalid namespace"})");
  EXPECT_EQ(encode_connect_error("/", "no", R"({"status":401})"), R"(4{"message":"no","data":{"status":401}})");
}

TEST(Packet, AnEventIsANameAndArguments) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {R"(["message"])", R"("message")", ""},
      {R"(["a",1,"2",[3]])", R"("a")", R"(1,"2",[3])"},
      {R"( [ "a\"b" , {"c":"]"} ] )", R"("a\"b")", R"( {"c":"]"} )"},
      {R"(["\\",1])", R"("\\")", "1"},
      {"[17,1]", "17", "1"},
      {"[ 1.5e3 ]", "1.5e3", ""}};
  for (const auto& [json, name, arguments] : cases) {
    const auto parts = split_event(json);
    EXPECT_EQ(parts.name, name) << json;
    EXPECT_EQ(parts.arguments, arguments) << json;
  }
}

}  // namespace
}  // namespace socketio

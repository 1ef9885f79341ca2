#include "harness/client/user/json.hpp"

#include "harness/client/user/long_numbers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client {
namespace {

TEST(ReadMessage, Whole) {
  const auto read = read_message(
      R"({"id": 9007199254740993, "chat_id": 7, "sender": "alice", "recipient": "bob", "body": "h\u00e9\n", "created_at": "t", "more": [1]})");
  ASSERT_TRUE(read) << read.error().clause;
  EXPECT_EQ(*read, (message{"9007199254740993", "7", "alice", "bob", "h\xC3\xA9\n", "t"}));
}

TEST(ReadMessage, IdsOfEveryKind) {
  for (const char* id : {"0", "-5", "9007199254740993", "9223372036854775807", "18446744073709551615",
                         "18446744073709551616", "123456789012345678901234567890"}) {
    EXPECT_EQ(read_message("{\"id\":" + std::string(id) + "}")->id, id);
    EXPECT_EQ(read_message("{\"id\":\"" + std::string(id) + "\"}")->id, id);
  }
  EXPECT_EQ(read_message(R"({"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"})")->id,
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  EXPECT_EQ(read_message(R"({"id":"0042"})")->id, "0042");
}

TEST(ReadMessage, WhatIsLeftOutIsEmpty) {
  EXPECT_EQ(*read_message(R"({"id":1})"), (message{"1", "", "", "", "", ""}));
}

TEST(ReadMessage, Refused) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"[]", "a message is not an object"},
      {"null", "a message is not an object"},
      {"{}", "no member 'id'"},
      {R"({"id":null})", "'id' is neither text nor a number"},
      {R"({"id":1.5})", "'id' is a fraction"},
      {R"({"id":1e3})", "'id' is a fraction"},
      {R"({"id":1,"body":2})", "'body' is not text"},
      {R"({"id":1,"sender":{}})", "'sender' is neither text nor a number"},
  };
  for (const auto& [text, clause] : table) {
    const auto read = read_message(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().clause, clause) << text;
  }
  for (const char* text : {"", "{", "{\"id\":1}x", "{\"id\":\"\xFF\"}", "{\"id\":\"\\ud800\"}"}) {
    const auto read = read_message(text);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().clause.starts_with("it is not JSON")) << read.error().clause;
  }
  EXPECT_FALSE(read_message(std::string(100'000, '[')));
}

TEST(ReadChat, Whole) {
  const auto read = read_chat(R"({"id":3,"participants":["alice","bob"],"created_at":"t"})");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (chat{"3", {"alice", "bob"}, "t"}));
  EXPECT_EQ(read_chat(R"({"id":3,"participants":"alice"})").error().clause, "'participants' is not a list");
  EXPECT_EQ(read_chat(R"({"id":3,"participants":[1]})").error().clause,
            "'participants' holds something that is not text");
}

TEST(ReadPages, ItemsAndNext) {
  const auto read = read_messages(R"({"results":[{"id":1,"body":"a"},{"id":2,"body":"b"}],"next":"/x?after=2"})");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->items.size(), 2U);
  EXPECT_EQ(read->items[1].body, "b");
  EXPECT_EQ(read->next, "/x?after=2");
  EXPECT_EQ(read_messages(R"({"results":[],"next":null})")->next, std::nullopt);
  EXPECT_EQ(read_chats(R"({"results":[{"id":1}]})")->items.size(), 1U);
}

TEST(ReadPages, Refused) {
  EXPECT_EQ(read_messages("[]").error().clause, "a page is not an object");
  EXPECT_EQ(read_messages("{}").error().clause, "no list 'results'");
  EXPECT_EQ(read_messages(R"({"results":null})").error().clause, "no list 'results'");
  EXPECT_EQ(read_messages(R"({"results":[{}]})").error().clause, "no member 'id'");
  EXPECT_EQ(read_messages(R"({"results":[],"next":1})").error().clause, "'next' is neither text nor null");
}

TEST(Write, Bodies) {
  EXPECT_EQ(write_body("a\"b\n"), R"({"body":"a\"b\n"})");
  EXPECT_EQ(write_participant("bob"), R"({"participant":"bob"})");
}

TEST(ReadEvent, ReadyAndMessage) {
  const event ready = read_event(R"({"event":"ready","data":{"user":"bob"}})");
  EXPECT_EQ(ready.kind, event_kind::ready);
  EXPECT_EQ(ready.user, "bob");
  EXPECT_EQ(read_event(R"({"event":"ready"})").kind, event_kind::ready);
  const event got = read_event(R"({"event":"message","data":{"id":18446744073709551616,"body":"x"}})");
  ASSERT_EQ(got.kind, event_kind::message);
  EXPECT_EQ(got.message->id, "18446744073709551616");
}

TEST(ReadEvent, EverythingElseIsNoise) {
  for (const char* text :
       {"", "x", "1", "[]", "{}", R"({"event":1})", R"({"event":"typing","data":{}})", R"(["message",{"id":1}])"}) {
    const event got = read_event(text);
    EXPECT_EQ(got.kind, event_kind::other) << text;
    EXPECT_EQ(got.problem, "");
  }
  EXPECT_EQ(read_event(R"({"event":"message"})").problem, "no member 'data'");
  EXPECT_EQ(read_event(R"({"event":"message","data":{}})").problem, "no member 'id'");
}

TEST(LongNumbers, OnlyLongIntegersOutsideOfStrings) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"", ""},
      {"123456789012345678", "123456789012345678"},
      {"1234567890123456789", "\"1234567890123456789\""},
      {"-1234567890123456789", "\"-1234567890123456789\""},
      {"[1234567890123456789,2]", "[\"1234567890123456789\",2]"},
      {"{\"a\":1234567890123456789}", "{\"a\":\"1234567890123456789\"}"},
      {"\"1234567890123456789\"", "\"1234567890123456789\""},
      {R"("a\"1234567890123456789")", R"("a\"1234567890123456789")"},
      {R"("a\\",1234567890123456789)", R"("a\\","1234567890123456789")"},
      {"1234567890123456789.5", "1234567890123456789.5"},
      {"1234567890123456789e5", "1234567890123456789e5"},
      {"0234567890123456789", "0234567890123456789"},
      {"\"open 1234567890123456789", "\"open 1234567890123456789"},
      {"\"\\", "\"\\"},
      {"-", "-"},
  };
  for (const auto& [in, out] : table) EXPECT_EQ(quote_long_numbers(in), out);
}

}  // namespace
}  // namespace client

#include "reference-server/socketio/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace socketio {
namespace {
using kind = connection::kind;

TEST(Connection, BeginsWithConnect) {
  connection guest;
  const auto asked = guest.take_text(R"(0{"token":"t"})");
  EXPECT_EQ(asked.what, kind::connect);
  EXPECT_EQ(asked.packet.json, R"({"token":"t"})");
  EXPECT_FALSE(guest.joined_any());
  guest.join("/");
  EXPECT_TRUE(guest.joined("/"));
  EXPECT_EQ(guest.take_text(R"(27["a",1])").what, kind::event);
  EXPECT_EQ(guest.take_text("31[]").what, kind::ack);
  EXPECT_EQ(guest.take_text("1").what, kind::disconnect);
  guest.leave("/");
  EXPECT_FALSE(guest.joined_any());
  EXPECT_EQ(guest.take_text("0").what, kind::connect);  // it may come again
}

TEST(Connection, HoldsNothingButConnectBeforeIt) {
  for (const auto text :
       {R"(2["a"])", "3[]", "1", R"(4{"message":"x"})", R"(51-["a",{"_placeholder":true,"num":0}])", "x"}) {
    connection guest;
    EXPECT_EQ(guest.take_text(text).what, kind::fault) << text;
  }
  connection guest;
  EXPECT_EQ(guest.take_binary("x").what, kind::fault);
}

TEST(Connection, HasOneConnectANamespace) {
  connection guest;
  guest.join("/");
  EXPECT_EQ(guest.take_text("0").what, kind::fault);
  EXPECT_EQ(guest.take_text("0/other,").what, kind::connect);
  EXPECT_EQ(guest.take_text(R"(2/other,["a"])").what, kind::fault);  // asked for, not joined
  guest.join("/other");
  EXPECT_EQ(guest.take_text(R"(2/other,["a"])").what, kind::event);
  guest.leave("/");
  EXPECT_EQ(guest.take_text(R"(2["a"])").what, kind::fault);
  EXPECT_TRUE(guest.joined_any());
}

TEST(Connection, CollectsTheAttachments) {
  connection guest;
  guest.join("/");
  std::string text = R"(52-5["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])";
  EXPECT_EQ(guest.take_text(text).what, kind::nothing);
  text.assign(text.size(), '-');  // it keeps its own
  EXPECT_EQ(guest.take_binary("one").what, kind::nothing);
  const auto whole = guest.take_binary("two");
  EXPECT_EQ(whole.what, kind::event);
  EXPECT_EQ(whole.packet.id, 5u);
  EXPECT_EQ(whole.packet.json, R"(["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  EXPECT_THAT(whole.attachments, testing::ElementsAre("one", "two"));
  EXPECT_EQ(guest.take_binary("three").what, kind::fault);
}

TEST(Connection, TakesNoTextWhileAttachmentsAreDue) {
  connection guest;
  guest.join("/");
  EXPECT_EQ(guest.take_text(R"(61-1[{"_placeholder":true,"num":0}])").what, kind::nothing);
  EXPECT_EQ(guest.take_text(R"(2["a"])").what, kind::fault);
  connection other;
  other.join("/");
  other.take_text(R"(61-1[{"_placeholder":true,"num":0}])");
  EXPECT_EQ(other.take_binary("x").what, kind::ack);
}

}  // namespace
}  // namespace socketio

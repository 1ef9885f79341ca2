#include "reference-server/gateway/frame.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gateway {
namespace {
using namespace std::string_literals;

TEST(Frame, TextHasTheShortestLengthThatFits) {
  const auto head = [](std::size_t length) {
    const auto made = frame::text({std::string(length, 'x')});
    EXPECT_TRUE(made.bytes().ends_with(std::string(length, 'x')));
    return std::string(made.bytes().substr(0, made.bytes().size() - length));
  };
  EXPECT_EQ(head(0), "\x81\x00"s);
  EXPECT_EQ(head(125), "\x81\x7d"s);
  EXPECT_EQ(head(126), "\x81\x7e\x00\x7e"s);
  EXPECT_EQ(head(65535), "\x81\x7e\xff\xff"s);
  EXPECT_EQ(head(65536), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(Frame, PutsTheEnvelopeAroundTheMessageUnparsed) {
  const auto made = frame::text({plain_message.before, R"({"id":1})", plain_message.after});
  EXPECT_EQ(made.bytes(),
            "\x81\x23"
            R"({"event":"message","data":{"id":1}})");
  const auto ready = frame::text({plain_ready.before, "bob", plain_ready.after});
  EXPECT_EQ(ready.bytes().substr(2), R"({"event":"ready","data":{"user":"bob"}})");
}

TEST(Frame, HasAnEnvelopeForSocketIo) {
  const auto made = frame::text({socketio_message.before, R"({"id":1})", socketio_message.after});
  EXPECT_EQ(made.payload(), R"(42["message",{"id":1}])");
  EXPECT_EQ(frame::text({socketio_ready.before, "bob", socketio_ready.after}).payload(),
            R"(42["ready",{"user":"bob"}])");
}

TEST(Frame, ShowsItsPayload) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 65535u, 65536u}) {
    const std::string text(size, 'x');
    EXPECT_EQ(frame::text({text}).payload(), text);
    EXPECT_EQ(frame::binary(text).payload(), text);
  }
  EXPECT_TRUE(frame::binary("x").is_binary());
  EXPECT_FALSE(frame::text({"x"}).is_binary());
}

TEST(Frame, ControlFrames) {
  EXPECT_EQ(frame::ping().bytes(), "\x89\x00"s);
  EXPECT_EQ(frame::pong("ab").bytes(),
            "\x8a\x02"
            "ab");
  EXPECT_EQ(frame::close(close_code::service_restart).bytes(), "\x88\x02\x03\xf4");
  EXPECT_EQ(frame::close(close_code::token_expired).bytes(), "\x88\x02\x11\x31");
  EXPECT_EQ(frame::close(close_code::none).bytes(), "\x88\x00"s);
}

TEST(Frame, IsSharedAndLivesAsLongAsItsLastOwner) {
  frame kept;
  {
    const auto made = frame::raw("abc");
    kept = made;
    frame other = kept;
    EXPECT_EQ(other.bytes().data(), made.bytes().data());
    frame moved = std::move(other);
    EXPECT_EQ(moved.bytes(), "abc");
    kept = kept;
  }
  EXPECT_EQ(kept.bytes(), "abc");
  EXPECT_FALSE(frame());
  EXPECT_EQ(frame().bytes(), "");
}

}  // namespace
}  // namespace gateway

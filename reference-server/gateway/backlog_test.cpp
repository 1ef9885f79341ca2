#include "reference-server/gateway/backlog.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace gateway {
namespace {

std::string due_bytes(const backlog& due, std::size_t room = 64) {
  std::vector<iovec> pieces(room);
  std::string bytes;
  for (std::size_t i = 0, count = due.gather(pieces); i < count; ++i) {
    bytes.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  }
  return bytes;
}

TEST(Backlog, GathersInOrderAsFarAsThereIsRoom) {
  backlog due;
  EXPECT_TRUE(due.empty());
  for (const char* text : {"abc", "de", "f"}) due.push(frame::raw(text), 7);
  EXPECT_EQ(due.bytes(), 6u);
  EXPECT_EQ(due.frames(), 3u);
  EXPECT_EQ(due_bytes(due), "abcdef");
  EXPECT_EQ(due_bytes(due, 2), "abcde");
}

TEST(Backlog, GoesOnWhereTheWritingStopped) {
  const std::string all = "abcdef";
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    backlog due;
    for (const char* text : {"abc", "de", "f"}) due.push(frame::raw(text), 7);
    due.written(cut);
    EXPECT_EQ(due_bytes(due), all.substr(cut));
    EXPECT_EQ(due.bytes(), all.size() - cut);
    EXPECT_EQ(due.empty(), cut == all.size());
    EXPECT_EQ(due.partly_written(), cut == 1 || cut == 2 || cut == 4);
  }
}

TEST(Backlog, DroppingKeepsTheRestOfAFrameThatHasBegun) {
  backlog due;
  for (const char* text : {"abc", "de", "f"}) due.push(frame::raw(text), 7);
  due.written(4);
  due.drop_unstarted();
  due.push(frame::raw("X"), 8);
  EXPECT_EQ(due_bytes(due), "eX");
  EXPECT_EQ(due.bytes(), 2u);
}

TEST(Backlog, DroppingTakesEverythingWhenNothingHasBegun) {
  backlog due;
  for (const char* text : {"abc", "de", "f"}) due.push(frame::raw(text), 7);
  due.written(3);
  due.drop_unstarted();
  EXPECT_TRUE(due.empty());
  EXPECT_EQ(due.bytes(), 0u);
}

TEST(Backlog, KnowsTheAgeOfItsOldestUnwrittenByte) {
  backlog due;
  due.push(frame::raw("abc"), 7);
  due.push(frame::raw("de"), 9);
  due.written(2);
  EXPECT_EQ(due.oldest(), 7u);
  due.written(1);
  EXPECT_EQ(due.oldest(), 9u);
}

TEST(Backlog, LosesNothingWhileItIsNeverQuiteEmptied) {
  backlog due;
  std::string out, expected;
  for (int i = 0; i < 5000; ++i) {
    const auto text = std::to_string(i) + ";";
    due.push(frame::raw(text), 0);
    expected += text;
    const auto next = due_bytes(due, 1);
    const auto part = std::max<std::size_t>(next.size() / 2, 1);
    out += next.substr(0, part);
    due.written(part);
  }
  while (!due.empty()) {
    const auto next = due_bytes(due);
    out += next;
    due.written(next.size());
  }
  EXPECT_EQ(out, expected);
}

TEST(Backlog, IsAsGoodAsNewAfterAReset) {
  backlog due;
  due.push(frame::raw("abc"), 7);
  due.written(1);
  due.reset();
  EXPECT_TRUE(due.empty());
  due.push(frame::raw("x"), 9);
  EXPECT_EQ(due_bytes(due), "x");
  EXPECT_EQ(due.oldest(), 9u);
}

}  // namespace
}  // namespace gateway

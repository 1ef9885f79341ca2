// The conversation fed by hand: bytes, times, no sockets.
#include "reference-server/redis/protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace redis {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;

struct log : listener {
  void on_reply(std::uint64_t token, const reply& answer) override {
    std::string line = std::to_string(token) + " ";
    if (answer.type() == reply_type::integer) {
      line += std::to_string(answer.integer());
    } else if (answer.type() == reply_type::array) {
      line += "[";
      for (std::size_t i = 0; i < answer.size(); ++i) {
        line += (i ? "," : "") + (answer.type(i) == reply_type::integer ? std::to_string(answer.integer(i))
                                                                        : std::string(answer.text(i)));
      }
      line += "]";
    } else if (answer.type() == reply_type::nil) {
      line += "nil";
    } else {
      line += (answer.is_error() ? "-" : "") + std::string(answer.text());
    }
    lines.push_back(line);
  }
  void on_message(std::string_view channel, std::string_view payload) override {
    lines.push_back(std::string(channel) + ": " + std::string(payload));
  }
  void on_channel_lost(std::string_view channel) override { lines.push_back("lost " + std::string(channel)); }
  std::vector<std::string> lines;
};

struct Protocol : testing::Test {
  clock::time_point start{};
  protocol talk{limits{}, start};
  log seen;

  std::string sent(clock::duration at = 0ms) {
    std::string bytes;
    talk.take_output(bytes, start + at);
    return bytes;
  }
  bool feed(std::string_view bytes, clock::duration at = 0ms) { return talk.feed(bytes, start + at, seen); }
  bool check(clock::duration at) { return talk.check(start + at); }
};

std::string array(std::initializer_list<std::string_view> words) {
  std::string bytes = "*" + std::to_string(words.size()) + "\r\n";
  for (const auto word : words) {
    if (word.starts_with(':')) {
      bytes += std::string(word) + "\r\n";
    } else {
      bytes += "$" + std::to_string(word.size()) + "\r\n" + std::string(word) + "\r\n";
    }
  }
  return bytes;
}

TEST_F(Protocol, EncodesEverythingAppendedIntoOneOutput) {
  talk.command(1, {"PUBLISH", "chat:user:a", "m{}"});
  talk.command(2, {"PUBLISH", "chat:user:b", ""});
  EXPECT_EQ(sent(),
            "*3\r\n$7\r\nPUBLISH\r\n$11\r\nchat:user:a\r\n$3\r\nm{}\r\n"
            "*3\r\n$7\r\nPUBLISH\r\n$11\r\nchat:user:b\r\n$0\r\n\r\n");
  EXPECT_FALSE(talk.has_output());
  EXPECT_EQ(talk.unanswered(), 2u);
}

TEST_F(Protocol, EncodesAnyNumberOfWordsAndAnyByte) {
  std::vector<std::string_view> words(20, std::string_view("\0\r\n", 3));
  talk.command(1, words);
  const auto bytes = sent();
  EXPECT_TRUE(bytes.starts_with("*20\r\n$3\r\n"));
  EXPECT_EQ(bytes.size(), 5 + 20 * (4 + 3 + 2));
}

TEST_F(Protocol, MatchesRepliesByTheirPlace) {
  for (std::uint64_t token : {7, 8, 9, 10, 11}) talk.command(token, {"X"});
  sent();
  ASSERT_TRUE(feed(":3\r\n+OK\r\n-ERR no\r\n$-1\r\n*2\r\n$1\r\na\r\n:5\r\n"));
  EXPECT_THAT(seen.lines, ElementsAre("7 3", "8 OK", "9 -ERR no", "10 nil", "11 [a,5]"));
  EXPECT_EQ(talk.unanswered(), 0u);
}

TEST_F(Protocol, GivesTheSameForEveryCutOfTheBytes) {
  const std::string bytes = array({"subscribe", "c", ":1"}) + array({"message", "c", "m{\"id\":1}"}) +
                            array({"subscribe", "c", ":1"}) + array({"message", "c", "r"});
  for (std::size_t step = 1; step < bytes.size(); ++step) {
    protocol other(limits{}, start);
    log lines;
    other.subscribe(1, "c");
    other.subscribe(2, "c");
    std::string out;
    other.take_output(out, start);
    for (std::size_t i = 0; i < bytes.size(); i += step) {
      ASSERT_TRUE(other.feed(std::string_view(bytes).substr(i, step), start, lines));
    }
    EXPECT_THAT(lines.lines, ElementsAre("1 [subscribe,c,1]", "c: m{\"id\":1}", "2 [subscribe,c,1]", "c: r")) << step;
  }
}

TEST_F(Protocol, CrossingSubscriptionsAreAnsweredInTheOrderTheyWereSent) {
  talk.subscribe(1, "x");
  talk.subscribe(2, "x");
  talk.unsubscribe(3, "x");
  sent();
  ASSERT_TRUE(
      feed(array({"subscribe", "x", ":1"}) + array({"subscribe", "x", ":1"}) + array({"unsubscribe", "x", ":0"})));
  EXPECT_THAT(seen.lines, ElementsAre("1 [subscribe,x,1]", "2 [subscribe,x,1]", "3 [unsubscribe,x,0]"));
}

TEST_F(Protocol, APushIsToldApartOnlyOnASubscribedConnection) {
  talk.command(1, {"LRANGE", "l", "0", "2"});
  sent();
  ASSERT_TRUE(feed(array({"message", "a", "b"})));
  EXPECT_THAT(seen.lines, ElementsAre("1 [message,a,b]"));
}

TEST_F(Protocol, APayloadMayHoldAnyBytes) {
  talk.subscribe(1, "c");
  sent();
  const std::string payload("\r\n*3\0$-1", 9);
  ASSERT_TRUE(feed(array({"subscribe", "c", ":1"}) + array({"message", "c", payload})));
  EXPECT_EQ(seen.lines.back(), "c: " + payload);
}

TEST_F(Protocol, AReplyThatNothingAskedForBreaksTheLink) {
  EXPECT_FALSE(feed("+OK\r\n"));
  EXPECT_EQ(talk.lost(), "a reply that nothing asked for: OK");
}

TEST_F(Protocol, AReplyBeforeItsCommandWasWrittenBreaksTheLink) {
  talk.command(1, {"X"});
  EXPECT_FALSE(feed("+OK\r\n"));
}

TEST_F(Protocol, AReplyOfAnotherKindBreaksTheLink) {
  talk.subscribe(1, "c");
  sent();
  EXPECT_FALSE(feed(array({"unsubscribe", "c", ":0"})));
  EXPECT_FALSE(talk.lost().empty());
  EXPECT_TRUE(seen.lines.empty());
}

TEST_F(Protocol, ARefusedSubscriptionIsAnAnswer) {
  talk.subscribe(1, "c");
  sent();
  EXPECT_TRUE(feed("-NOPERM no\r\n"));
  EXPECT_THAT(seen.lines, ElementsAre("1 -NOPERM no"));
}

TEST_F(Protocol, GarbageBreaksTheLink) {
  EXPECT_FALSE(feed("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_TRUE(talk.lost().starts_with("not the Redis protocol"));
  EXPECT_FALSE(feed("+OK\r\n"));
}

TEST_F(Protocol, PingsEverySecondInBothModes) {
  EXPECT_TRUE(check(999ms));
  EXPECT_FALSE(talk.has_output());
  EXPECT_TRUE(check(1000ms));
  EXPECT_EQ(sent(1000ms), "*1\r\n$4\r\nPING\r\n");
  EXPECT_TRUE(check(1500ms));
  EXPECT_FALSE(talk.has_output());
  EXPECT_TRUE(feed("+PONG\r\n", 1600ms));
  EXPECT_TRUE(check(2000ms));
  EXPECT_TRUE(talk.has_output());
  sent(2000ms);
  EXPECT_TRUE(feed(array({"pong", ""}), 2001ms));
  EXPECT_TRUE(seen.lines.empty());
  EXPECT_TRUE(check(3000ms));
}

TEST_F(Protocol, IsLostAfterThreeSecondsWithoutAByte) {
  check(1000ms);
  sent(1000ms);
  EXPECT_TRUE(check(2999ms));
  EXPECT_FALSE(check(3000ms));
  EXPECT_EQ(talk.lost(), "no byte for 3000 ms");
}

TEST_F(Protocol, APauseOfOurOwnIsNotAFaultOfRedis) {
  check(1000ms);
  sent(1000ms);
  // Nothing ran for 20 s; then what had arrived is read first.
  EXPECT_TRUE(feed("+PONG\r\n", 20s));
  EXPECT_TRUE(check(20s));
  sent(20s);
  // No ping was under way in the pause: the one that goes out now gets its time.
  EXPECT_TRUE(feed("+PONG\r\n", 20s));
  EXPECT_TRUE(check(40s));
  sent(40s);
  EXPECT_TRUE(check(40s + 999ms));
  EXPECT_FALSE(check(41s));
}

TEST_F(Protocol, AnyByteKeepsALinkAliveButNotAnUnansweredCommand) {
  talk.subscribe(1, "c");
  sent(0ms);
  feed(array({"subscribe", "c", ":1"}));
  talk.subscribe(2, "c");
  sent(500ms);
  for (auto at = 1000ms; at < 3500ms; at += 100ms) {
    ASSERT_TRUE(feed(array({"message", "c", "m"}), at));
    ASSERT_TRUE(check(at)) << at.count();
  }
  EXPECT_FALSE(check(3500ms));
  EXPECT_EQ(talk.lost(), "no answer to a command in 3000 ms");
}

TEST_F(Protocol, TheClockOfACommandStartsWhenItIsWritten) {
  talk.command(1, {"X"});
  EXPECT_TRUE(check(900ms));
  feed("", 900ms);
  sent(900ms);
  talk.command(2, {"Y"});  // not yet taken: has no deadline
  EXPECT_TRUE(check(1000ms));
}

TEST(ProtocolLimits, SilenceWithACommandUnansweredCanBeJudgedSooner) {
  clock::time_point start{};
  limits quick;
  quick.answer_silence = 250ms;
  log seen;
  std::string bytes;
  protocol talk(quick, start);
  talk.command(1, {"PUBLISH", "a", "b"});
  talk.command(2, {"PUBLISH", "a", "b"});
  talk.take_output(bytes, start);
  EXPECT_TRUE(talk.check(start + 249ms));
  EXPECT_TRUE(talk.feed(":1\r\n", start + 249ms, seen));
  EXPECT_TRUE(talk.check(start + 498ms));
  EXPECT_FALSE(talk.check(start + 499ms));
  EXPECT_EQ(talk.lost(), "silent for 250 ms with a command unanswered");
}

TEST(ProtocolLimits, AWaitingPingHasOnlyTheLongDeadlineAndHidesNoCommandBehindIt) {
  clock::time_point start{};
  limits quick;
  quick.answer_silence = 250ms;
  std::string bytes;
  protocol talk(quick, start);
  talk.check(start + 1000ms);
  talk.take_output(bytes, start + 1000ms);
  EXPECT_TRUE(talk.check(start + 1900ms));
  bytes.clear();
  talk.command(1, {"PUBLISH", "a", "b"});
  talk.take_output(bytes, start + 1900ms);
  EXPECT_TRUE(talk.check(start + 2149ms));
  EXPECT_FALSE(talk.check(start + 2150ms));
}

TEST_F(Protocol, AShardedChannelThatMovesAwayIsToldApartFromOneThatWasLeft) {
  talk.subscribe(1, "a", pubsub::sharded);
  talk.subscribe(2, "b", pubsub::sharded);
  talk.unsubscribe(3, "a", pubsub::sharded);
  EXPECT_EQ(sent(), array({"SSUBSCRIBE", "a"}) + array({"SSUBSCRIBE", "b"}) + array({"SUNSUBSCRIBE", "a"}));
  EXPECT_TRUE(feed(array({"ssubscribe", "a", ":1"}) + array({"ssubscribe", "b", ":2"})));
  EXPECT_TRUE(feed(array({"smessage", "b", "m1"})));
  EXPECT_TRUE(feed(array({"sunsubscribe", "b", ":1"})));  // unasked, while our own for another one is on its way
  EXPECT_TRUE(feed(array({"sunsubscribe", "a", ":0"})));
  EXPECT_TRUE(feed(array({"sunsubscribe", "a", ":0"})));  // once more: nobody asked
  EXPECT_THAT(seen.lines, ElementsAre("1 [ssubscribe,a,1]", "2 [ssubscribe,b,2]", "b: m1", "lost b",
                                      "3 [sunsubscribe,a,0]", "lost a"));
  EXPECT_EQ(talk.unanswered(), 0u);
}

TEST_F(Protocol, ASlotThatIsElsewhereIsAnErrorAnswer) {
  talk.subscribe(1, "a", pubsub::sharded);
  sent();
  EXPECT_TRUE(feed("-MOVED 15495 127.0.0.1:7002\r\n"));
  EXPECT_THAT(seen.lines, ElementsAre("1 -MOVED 15495 127.0.0.1:7002"));
}

}  // namespace
}  // namespace redis

// Frames that are sent once more, and when. Time is an argument here.
#include "conformance/selftest/faulty/memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace faulty {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class Ear final : public Subscriber {
 public:
  void deliver(const Frame& frame) override { heard.push_back(*frame); }
  const std::string& peer() const override { return name; }

  std::vector<std::string> heard;
  std::string name = "127.0.0.1:1";
};

class MemoryOf : public testing::Test {
 protected:
  void fault(const char* name) { EXPECT_FALSE(faults_.enable(name)); }
  void routed(std::int64_t id, bool reached, int at) {
    memory_.routed(std::make_shared<const Message>(Message{id, 1, "alice", "bob", "x", 0}),
                   std::make_shared<const std::string>(std::to_string(id)), reached, start_ + milliseconds(at));
  }
  void opened(Ear& ear, int at) { memory_.opened("bob", ear, start_ + milliseconds(at)); }
  void detached(Ear& ear) { memory_.detached("bob", ear); }
  void tick(int at) { memory_.tick(start_ + milliseconds(at)); }

  Faults faults_{1};
  Memory memory_{faults_};
  Memory::Time start_{};
  Ear first_, second_, third_;
};

TEST_F(MemoryOf, ARightRouterIsEmpty) {
  routed(1, false, 0);
  routed(2, true, 1);
  opened(first_, 2);
  tick(5'000);
  EXPECT_THAT(first_.heard, IsEmpty());
}

TEST_F(MemoryOf, ReplayLateComesOnALaterSocketAWhileAfterItOpened) {
  fault("replay_late");
  opened(first_, 0);
  routed(1, true, 10);
  routed(2, false, 20);
  opened(second_, 500);
  tick(5'000);
  EXPECT_THAT(second_.heard, IsEmpty()) << "opened too soon";
  opened(third_, 1'500);
  tick(1'700);
  EXPECT_THAT(third_.heard, IsEmpty());
  tick(1'801);
  EXPECT_THAT(third_.heard, ElementsAre("1", "2"));
  tick(9'000);
  EXPECT_THAT(third_.heard, ElementsAre("1", "2"));
}

TEST_F(MemoryOf, ReplayLateForgetsASocketThatHasGone) {
  fault("replay_late");
  routed(1, true, 0);
  opened(first_, 1'500);
  detached(first_);
  tick(5'000);
  EXPECT_THAT(first_.heard, IsEmpty());
}

TEST_F(MemoryOf, ReplayOnSecondConnect) {
  fault("replay_on_second_connect");
  routed(1, false, 0);
  routed(2, true, 1);
  opened(first_, 2);
  EXPECT_THAT(first_.heard, IsEmpty());
  opened(second_, 3);
  EXPECT_THAT(second_.heard, ElementsAre("1"));
}

TEST_F(MemoryOf, UnackedResent) {
  fault("unacked_resent");
  opened(first_, 0);
  routed(1, true, 1);
  routed(2, true, 2);
  detached(first_);
  opened(second_, 3);
  EXPECT_THAT(second_.heard, ElementsAre("2"));
  detached(second_);
  opened(third_, 4);
  EXPECT_THAT(third_.heard, IsEmpty());
}

TEST_F(MemoryOf, HistoryInHello) {
  fault("history_in_hello");
  for (int i = 1; i <= 25; ++i) routed(i, false, i);
  opened(first_, 30);
  ASSERT_EQ(first_.heard.size(), 1U);
  const auto hello = boost::json::parse(first_.heard[0]);
  EXPECT_EQ(hello.at("event").as_string(), "hello");
  EXPECT_EQ(hello.at("data").at("recent").as_array().size(), 20U);
}

}  // namespace
}  // namespace faulty

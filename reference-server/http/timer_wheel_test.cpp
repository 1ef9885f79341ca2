#include "reference-server/http/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace http {
namespace {

using namespace std::chrono_literals;

struct probe : timed {
  std::function<void()> on_expired = [] {};
  int times = 0;
  void expired() override {
    ++times;
    on_expired();
  }
};

TEST(TimerWheel, ExpiresNeverEarlyAndAtMostATickLate) {
  for (int ticks = 0; ticks < 1000; ++ticks) {
    timer_wheel wheel(10ms);
    probe entry;
    wheel.arm(entry, ticks * 10ms);
    for (int i = 0; i < ticks; ++i) {
      wheel.advance();
    }
    EXPECT_EQ(entry.times, 0) << ticks;
    wheel.advance();
    EXPECT_EQ(entry.times, 1) << ticks;
    wheel.advance();
    EXPECT_EQ(entry.times, 1) << ticks;
  }
}

TEST(TimerWheel, MovesAndDisarms) {
  timer_wheel wheel(10ms);
  probe moved;
  probe disarmed;
  wheel.arm(moved, 10ms);
  wheel.arm(disarmed, 10ms);
  wheel.arm(moved, 50ms);
  wheel.disarm(disarmed);
  {
    probe destroyed;
    wheel.arm(destroyed, 10ms);
  }
  for (int i = 0; i < 5; ++i) {
    wheel.advance();
  }
  EXPECT_EQ(moved.times, 0);
  wheel.advance();
  EXPECT_EQ(moved.times, 1);
  EXPECT_EQ(disarmed.times, 0);
}

TEST(TimerWheel, AnEntryMayArmItselfAndDisarmOthers) {
  timer_wheel wheel(10ms);
  probe again;
  probe other;
  again.on_expired = [&] {
    wheel.arm(again, 0ms);
    wheel.disarm(other);
  };
  wheel.arm(again, 0ms);
  wheel.arm(other, 0ms);
  for (int i = 0; i < 3; ++i) {
    wheel.advance();
  }
  EXPECT_EQ(again.times, 3);
  EXPECT_EQ(other.times, 0);
}

}  // namespace
}  // namespace http

// One coarse clock for all deadlines of a process, instead of a timer per operation: arming and disarming cost a few
// pointer writes. Pure: time comes as an argument. Owned by whoever ticks it, used on one thread.
// It promises that an entry expires not before its deadline and at most one tick after it, provided it is advanced
// each tick. Entries have to be disarmed (or expire) before they are destroyed; the destructor of `timed` sees to it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace http {

class timer_wheel;

// Derive from it to have a deadline.
class timed {
 public:
  timed() = default;
  timed(const timed&) = delete;
  timed& operator=(const timed&) = delete;

 protected:
  ~timed() { unlink(); }

 private:
  friend class timer_wheel;
  virtual void expired() = 0;
  void unlink() {
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = this;
  }

  timed* previous_ = this;
  timed* next_ = this;
  std::uint64_t deadline_ = 0;  // in ticks
};

class timer_wheel {
 public:
  using duration = std::chrono::milliseconds;

  explicit timer_wheel(duration tick) : tick_(tick) {}
  ~timer_wheel();
  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;

  // Sets the deadline to `after` from the last tick, rounded up by one tick; an armed entry is moved.
  void arm(timed& entry, duration after);
  void disarm(timed& entry) { entry.unlink(); }

  // One tick has passed. Calls expired() for each entry that is due; it may arm and disarm entries.
  void advance();

 private:
  static constexpr std::size_t slots = 256;
  struct head : timed {
    void expired() override {}
  };

  void link(timed& entry);

  std::array<head, slots> wheel_;
  duration tick_;
  std::uint64_t now_ = 0;
};

}  // namespace http

#include "reference-server/http/timer_wheel.hpp"

namespace http {

timer_wheel::~timer_wheel() {
  for (head& slot : wheel_) {
    while (slot.next_ != &slot) {
      slot.next_->unlink();
    }
  }
}

void timer_wheel::arm(timed& entry, duration after) {
  entry.unlink();
  entry.deadline_ = now_ + static_cast<std::uint64_t>((after + tick_ - duration(1)) / tick_) + 1;
  link(entry);
}

void timer_wheel::link(timed& entry) {
  head& slot = wheel_[entry.deadline_ % slots];
  entry.previous_ = slot.previous_;
  entry.next_ = &slot;
  slot.previous_->next_ = &entry;
  slot.previous_ = &entry;
}

void timer_wheel::advance() {
  ++now_;
  head& slot = wheel_[now_ % slots];
  // Taken off first: what expired() arms into this same slot belongs to a later turn of the wheel.
  head due;
  while (slot.next_ != &slot) {
    timed& entry = *slot.next_;
    entry.unlink();
    entry.previous_ = due.previous_;
    entry.next_ = &due;
    due.previous_->next_ = &entry;
    due.previous_ = &entry;
  }
  while (due.next_ != &due) {
    timed& entry = *due.next_;
    entry.unlink();
    if (entry.deadline_ > now_) {
      link(entry);
    } else {
      entry.expired();
    }
  }
}

}  // namespace http

#include "harness/ledger/live/message_window.hpp"

#include <algorithm>

namespace ledger::live {
namespace {

auto place_of(std::vector<message_record>& among, std::uint32_t sequence) {
  return std::lower_bound(among.begin(), among.end(), sequence,
                          [](const message_record& one, std::uint32_t wanted) { return one.sequence < wanted; });
}

}  // namespace

message_record* message_window::find(std::uint32_t sequence, std::uint32_t settled) {
  if (sequence > settled) {
    const auto index = head_ + (sequence - settled - 1);
    return index < run_.size() ? &run_[index] : nullptr;
  }
  const auto found = place_of(lingering_, sequence);
  return found != lingering_.end() && found->sequence == sequence ? &*found : nullptr;
}

message_record& message_window::open(std::uint32_t sequence, std::uint32_t settled) {
  const auto index = head_ + (sequence - settled - 1);
  while (run_.size() <= index) {
    const auto next = settled + 1 + static_cast<std::uint32_t>(run_.size() - head_);
    run_.emplace_back().sequence = next;
  }
  return run_[index];
}

message_record message_window::take_front() {
  auto value = std::move(run_[head_]);
  drop_front();
  return value;
}

void message_window::drop_front() {
  ++head_;
  if (head_ == run_.size()) {
    run_.clear();
    head_ = 0;
  } else if (head_ >= 32 && head_ * 2 >= run_.size()) {
    run_.erase(run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

message_record& message_window::linger(message_record&& value) {
  return *lingering_.insert(place_of(lingering_, value.sequence), std::move(value));
}

}  // namespace ledger::live

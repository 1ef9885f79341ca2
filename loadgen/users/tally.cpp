#include "loadgen/users/tally.hpp"

#include <algorithm>

namespace loadgen {

namespace {

using std::chrono::nanoseconds;

std::uint64_t microseconds(nanoseconds value) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.count()) / 1000);
}

void record_both(latency_pair& into, nanoseconds since_intended, nanoseconds since_start) {
  into.intended.record(microseconds(since_intended));
  into.actual.record(microseconds(since_start));
}

}  // namespace

interval_report& tally::of(instant at) {
  const auto number = std::max(next_, static_cast<std::uint64_t>(std::max<std::int64_t>(0, at / interval)));
  while (next_ + open_.size() <= number) open_.push_back({.number = next_ + open_.size()});
  return open_[number - next_];
}

void tally::intended(instant planned) {
  ++of(planned).intended;
  ++sums_.intended;
}

void tally::handed_over(instant at, bool waits) {
  ++of(at).sent;
  if (waits) ++sums_.waited_for_connection;
}

void tally::begun(instant at, instant behind) {
  if (behind <= on_time_limit) {
    ++sums_.on_time;
  } else {
    ++sums_.late;
    ++of(at).late;
  }
}

void tally::not_sent(const std::string& reason) {
  ++sums_.not_sent[reason];
}

void tally::acknowledged(instant at, instant since_intended, instant since_start) {
  interval_report& now = of(at);
  ++now.acknowledged;
  now.ack.record(microseconds(since_intended));
  record_both(sums_.ack, since_intended, since_start);
}

void tally::refused(instant at) {
  ++of(at).refused;
}

void tally::unknown(instant at, instant since_intended, instant since_start) {
  interval_report& now = of(at);
  ++now.unknown;
  now.ack.record(microseconds(since_intended));
  record_both(sums_.ack, since_intended, since_start);
}

void tally::delivered(instant at, instant since_intended, instant since_start) {
  interval_report& now = of(at);
  ++now.delivered;
  now.delivery.record(microseconds(since_intended));
  record_both(sums_.delivery, since_intended, since_start);
}

void tally::undelivered(instant deadline) {
  record_both(sums_.delivery, deadline, deadline);
}

void tally::connected(instant since_intended, instant since_start) {
  record_both(sums_.ready, since_intended, since_start);
}

void tally::lagged(instant at, instant behind, instant period) {
  of(at).lag.record_with_expected_interval(microseconds(behind), microseconds(period));
  sums_.lag.record_with_expected_interval(microseconds(behind), microseconds(period));
}

std::optional<interval_report> tally::take(instant now, std::uint64_t online, std::uint64_t findings) {
  if (now < interval * static_cast<std::int64_t>(next_ + 1)) return std::nullopt;
  return take_last(online, findings);
}

std::optional<interval_report> tally::take_last(std::uint64_t online, std::uint64_t findings) {
  if (open_.empty()) return std::nullopt;
  interval_report out = std::move(open_.front());
  open_.pop_front();
  ++next_;
  out.online = online;
  out.findings = findings;
  return out;
}

}  // namespace loadgen

#include "cli/watched_load.hpp"

namespace cli {

namespace {

std::optional<double> p99_ms(const record::histogram& of) {
  if (of.empty()) return std::nullopt;
  return static_cast<double>(of.percentile(99)) / 1000;
}

}  // namespace

const reports::live_load& watched_load::take(const loadgen::load_progress& how) {
  now_.phase = how.phase;
  now_.done = how.done;
  now_.of = how.of;
  now_.in_seconds = false;
  if (how.interval) {
    const auto& second = *how.interval;
    now_.add({.intended = second.intended,
              .acknowledged = second.acknowledged,
              .delivered = second.delivered,
              .late = second.late,
              .online = second.online,
              .ack_p99_ms = p99_ms(second.ack),
              .delivery_p99_ms = p99_ms(second.delivery),
              .lag_p99_ms = p99_ms(second.lag).value_or(0)});
    now_.findings = second.findings;
    // Intervals go on after the last send; how many more there will be is not known.
    now_.in_seconds = how.done <= how.of;
    if (!now_.in_seconds) now_.of = 0;
  }
  return now_;
}

}  // namespace cli

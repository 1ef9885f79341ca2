#include "harness/record/describe.hpp"

namespace record {
namespace {

double milliseconds(std::uint64_t microseconds) {
  return static_cast<double>(microseconds) / 1000;
}

}  // namespace

distribution describe(const histogram& of) {
  distribution out;
  out.count = of.count();
  out.mean_ms = of.mean() / 1000;
  out.p50_ms = milliseconds(of.percentile(50));
  out.p90_ms = milliseconds(of.percentile(90));
  out.p99_ms = milliseconds(of.percentile(99));
  out.p999_ms = milliseconds(of.percentile(99.9));
  out.max_ms = milliseconds(of.max());
  for (const auto& [percentile, value] : of.curve()) {
    out.curve.push_back({percentile, milliseconds(value)});
  }
  return out;
}

std::optional<interval_latency> describe_interval(const histogram& of) {
  if (of.empty()) {
    return std::nullopt;
  }
  return interval_latency{milliseconds(of.percentile(50)), milliseconds(of.percentile(99)), milliseconds(of.max())};
}

}  // namespace record

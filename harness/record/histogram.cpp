#include "harness/record/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace record {

histogram::histogram() : counts_(2 * half) {}

void histogram::record_with_expected_interval(std::uint64_t value, std::uint64_t interval) {
  record(value);
  if (interval == 0) {
    return;
  }
  value = std::min(value, longest);
  while (value >= 2 * interval) {
    value -= interval;
    record(value);
  }
}

void histogram::add(const histogram& other) {
  if (other.counts_.size() > counts_.size()) {
    counts_.resize(other.counts_.size());
  }
  for (std::size_t slot = 0; slot < other.slots_in_use(); ++slot) {
    counts_[slot] += other.counts_[slot];
  }
  total_ += other.total_;
  clamped_ += other.clamped_;
  top_ = std::max(top_, other.top_);
}

void histogram::reset() {
  std::fill_n(counts_.begin(), slots_in_use(), 0);
  total_ = 0;
  clamped_ = 0;
  top_ = 0;
}

std::uint64_t histogram::percentile(double of) const {
  if (empty()) {
    return 0;
  }
  // As HdrHistogram does: a hair less, so that 100 * n / n does not ask for a value more than there is.
  const double asked = std::clamp(std::nextafter(of, -1.0), 0.0, 100.0);
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(asked / 100 * static_cast<double>(total_))));
  std::uint64_t seen = 0;
  for (std::size_t slot = 0; slot < slots_in_use(); ++slot) {
    seen += counts_[slot];
    if (seen >= wanted) {
      return of <= 0 ? lowest_in(slot) : highest_in(slot);
    }
  }
  return max();
}

std::uint64_t histogram::min() const {
  return percentile(0);
}

std::uint64_t histogram::max() const {
  return empty() ? 0 : highest_in(top_);
}

double histogram::mean() const {
  if (empty()) {
    return 0;
  }
  double sum = 0;
  for (std::size_t slot = 0; slot < slots_in_use(); ++slot) {
    const auto middle = lowest_in(slot) + (highest_in(slot) - lowest_in(slot) + 1) / 2;
    sum += static_cast<double>(middle) * static_cast<double>(counts_[slot]);
  }
  return sum / static_cast<double>(total_);
}

std::vector<histogram::point> histogram::curve(int ticks_per_half_distance) const {
  std::vector<point> out;
  double level = 0;
  std::uint64_t seen = 0;
  for (std::size_t slot = 0; slot < slots_in_use() && seen < total_; ++slot) {
    seen += counts_[slot];
    const double reached = 100 * static_cast<double>(seen) / static_cast<double>(total_);
    while (counts_[slot] > 0 && reached >= level) {
      out.push_back({level, highest_in(slot)});
      level += 100 / (ticks_per_half_distance * std::exp2(std::floor(std::log2(100 / (100 - level))) + 1));
      if (seen == total_) {
        break;
      }
    }
  }
  if (!empty()) {
    out.push_back({100, max()});
  }
  return out;
}

std::uint64_t histogram::lowest_in(std::size_t slot) {
  const auto bucket = slot < 2 * half ? 0U : static_cast<unsigned>(slot / half - 1);
  return (static_cast<std::uint64_t>(slot) - bucket * half) << bucket;
}

std::uint64_t histogram::highest_in(std::size_t slot) {
  return lowest_in(slot + 1) - 1;
}

bool operator==(const histogram& one, const histogram& other) {
  return one.total_ == other.total_ && one.top_ == other.top_ &&
         std::equal(one.counts_.begin(), one.counts_.begin() + static_cast<std::ptrdiff_t>(one.slots_in_use()),
                    other.counts_.begin());
}

// A whole bucket at a time: growing happens at most 21 times.
void histogram::grow(std::size_t slot) {
  counts_.resize((slot / half + 1) * half);
}

}  // namespace record

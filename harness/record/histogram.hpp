// A histogram of microseconds with three significant digits, from 1 µs to an hour: the log-linear layout of
// HdrHistogram (unit 1, 3 digits), so that its percentiles, means and curves are the same to the last count.
//
// Values below 2,048 µs are kept exactly; above, the range doubles with each bucket of 1,024 equally wide slots, so a
// slot is never wider than a thousandth of its value. Longer than an hour counts as an hour (`clamped` says how often).
// Memory: 8 bytes a slot, as many buckets as the largest value asked for so far: 16 KiB up to 2 ms, 90 KiB up to 1 s,
// 184 KiB in the end. Owned by one thread; histograms of several threads or processes are added, which is exact.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace record {

class histogram {
 public:
  static constexpr std::uint64_t longest = 3'600'000'000;  // µs: an hour
  static constexpr int significant_digits = 3;

  histogram();

  void record(std::uint64_t value, std::uint64_t count = 1) {
    if (value > longest) {
      clamped_ += count;
      value = longest;
    }
    const auto slot = slot_of(value);
    if (slot >= counts_.size()) {
      grow(slot);
    }
    counts_[slot] += count;
    total_ += count;
    if (slot > top_ && count > 0) {
      top_ = slot;
    }
  }

  // For a closed loop that stood still while it waited: adds the values that requests sent every `interval` meanwhile
  // would have seen (value - interval, value - 2 * interval, … down to interval). 0: none.
  void record_with_expected_interval(std::uint64_t value, std::uint64_t interval);

  // As if everything in `other` had been recorded here.
  void add(const histogram& other);

  // Empty again; keeps its memory.
  void reset();

  std::uint64_t count() const { return total_; }
  bool empty() const { return total_ == 0; }
  std::uint64_t clamped() const { return clamped_; }  // recorded as an hour, but longer; not kept by the encoding

  // The largest value of the slot that the percentile (0 to 100) falls into: at least so many percent of the values are
  // not above it. 0 when empty.
  std::uint64_t percentile(double of) const;
  std::uint64_t min() const;  // the smallest value of the lowest slot in use; 0 when empty
  std::uint64_t max() const;  // the largest value of the highest slot in use; 0 when empty
  double mean() const;        // of the slots' middles; 0 when empty

  // The percentiles at which HdrHistogram's iterator stops: from 0 towards 100 in steps that halve, after each half of
  // the rest, until the last value is reached; then 100. Empty when the histogram is.
  struct point {
    double percentile = 0;
    std::uint64_t value = 0;
    friend bool operator==(const point&, const point&) = default;
  };
  std::vector<point> curve(int ticks_per_half_distance = 5) const;

  // Slots, for the encoding: counts up to the highest one in use (one slot when empty).
  std::size_t slots_in_use() const { return top_ + 1; }
  std::uint64_t count_in(std::size_t slot) const { return counts_[slot]; }
  static std::size_t slot_of(std::uint64_t value) {
    const auto bucket = static_cast<unsigned>(std::bit_width(value | (2 * half - 1)) - 11);
    return (static_cast<std::size_t>(bucket) << 10) + static_cast<std::size_t>(value >> bucket);
  }
  static std::uint64_t lowest_in(std::size_t slot);
  static std::uint64_t highest_in(std::size_t slot);

  // The same counts; how much memory they have and what was clamped do not matter.
  friend bool operator==(const histogram& one, const histogram& other);

 private:
  static constexpr std::uint64_t half = 1024;  // slots a bucket adds; the first has twice as many

  void grow(std::size_t slot);

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t clamped_ = 0;
  std::size_t top_ = 0;  // the highest slot in use
};

}  // namespace record

// When the sends of one cell are due: an open model, so the moments do not depend on what the target does. Pure.
#pragma once

#include "loadgen/plan/random_stream.hpp"

#include <chrono>
#include <cstdint>

namespace loadgen {

enum class arrival_kind : std::uint8_t {
  constant,  // evenly spaced over all cells together
  poisson    // independent of each other: exponential gaps
};

class arrivals {
 public:
  // rate: sends a second of the whole run, > 0, of which this cell has the share 1 / cells.
  arrivals(arrival_kind kind, double rate, std::uint32_t cell, std::uint32_t cells, random_stream stream)
      : kind_(kind), rate_(rate), cell_(cell), cells_(cells), stream_(stream) {
    advance();
  }

  // Since the start of the load.
  std::chrono::nanoseconds next() const { return next_; }

  void advance() {
    if (kind_ == arrival_kind::constant) {
      // Of the run's k-th send at k / rate, this cell has k = cell, cell + cells, cell + 2 cells, …
      next_ = seconds(static_cast<double>(count_++ * cells_ + cell_) / rate_);
    } else {
      at_ += stream_.exponential(cells_ / rate_);
      next_ = seconds(at_);
    }
  }

 private:
  static std::chrono::nanoseconds seconds(double value) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(value * 1e9));
  }

  arrival_kind kind_;
  double rate_;
  std::uint32_t cell_;
  std::uint32_t cells_;
  std::uint64_t count_ = 0;
  double at_ = 0;
  std::chrono::nanoseconds next_{};
  random_stream stream_;
};

}  // namespace loadgen

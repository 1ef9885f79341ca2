// Pseudo-random numbers that are the same on every machine and standard library: the 64-bit Mersenne Twister, whose
// output the standard fixes, and distributions of our own (the standard leaves its distributions open). One stream for
// each purpose of each cell, so that no decision disturbs another. Owned by who draws from it; copyable.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace loadgen {

class random_stream {
 public:
  // Streams of different purposes or cells are unrelated; the same three numbers always give the same stream.
  random_stream(std::uint64_t seed, std::uint64_t cell, std::uint64_t purpose)
      : engine_(mix(mix(seed + 0x9E3779B97F4A7C15ULL * (cell + 1)) + purpose)) {}

  // 0 to below - 1; below > 0. Multiply and shift: the bias is below 2^-32 for what is counted here.
  std::uint32_t below(std::uint32_t below) {
    return static_cast<std::uint32_t>(((engine_() >> 32U) * std::uint64_t{below}) >> 32U);
  }

  // 0 <= u < 1, 53 bits.
  double share() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }

  // Exponentially distributed with this mean: -mean ln(1 - u), the inverse of the distribution function.
  double exponential(double mean) { return -mean * std::log1p(-share()); }

 private:
  // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  static std::uint64_t mix(std::uint64_t x) {
    x ^= x >> 30U;
    x *= 0xBF58476D1CE4E5B9ULL;
    x ^= x >> 27U;
    x *= 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
  }

  std::mt19937_64 engine_;
};

}  // namespace loadgen

#include "harness/record/histogram.hpp"
#include "harness/record/histogram_code.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

namespace {

// Latencies around 20 ms, drawn beforehand.
std::vector<std::uint64_t> latencies() {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> latency(std::log(20'000), 1);
  std::vector<std::uint64_t> out(4096);
  for (auto& value : out) {
    value = static_cast<std::uint64_t>(latency(random));
  }
  return out;
}

record::histogram filled() {
  record::histogram out;
  for (const auto value : latencies()) {
    out.record(value);
  }
  return out;
}

void record_value(benchmark::State& state) {
  const auto values = latencies();
  record::histogram into;
  std::size_t next = 0;
  for (auto _ : state) {
    into.record(values[next++ % values.size()]);
  }
  benchmark::DoNotOptimize(into.count());
}
BENCHMARK(record_value);

void percentile_99(benchmark::State& state) {
  const auto of = filled();
  for (auto _ : state) {
    benchmark::DoNotOptimize(of.percentile(99));
  }
}
BENCHMARK(percentile_99);

void add(benchmark::State& state) {
  const auto one = filled();
  record::histogram sum;
  for (auto _ : state) {
    sum.add(one);
  }
  benchmark::DoNotOptimize(sum.count());
}
BENCHMARK(add);

void encode_text(benchmark::State& state) {
  const auto of = filled();
  for (auto _ : state) {
    benchmark::DoNotOptimize(record::encode_text(of));
  }
}
BENCHMARK(encode_text);

}  // namespace

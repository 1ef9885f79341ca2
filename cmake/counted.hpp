// For benchmarks whose instructions are counted (ci/bench/instructions): BENCHMARK(kernel)->Apply(counted) runs the
// kernel exactly ROLLCALL_ITERATIONS times when that is set, and as Google Benchmark likes otherwise.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdlib>

inline void counted(benchmark::internal::Benchmark* kernel) {
  if (const char* const times = std::getenv("ROLLCALL_ITERATIONS")) kernel->Iterations(std::atol(times));
}

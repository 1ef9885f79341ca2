#include "cmake/counted.hpp"
#include "reference-server/token/checked_tokens.hpp"

#include <benchmark/benchmark.h>

namespace {

void verify(benchmark::State& state) {
  using namespace std::chrono_literals;
  const token::signer signer("0123456789abcdef0123456789abcdef");
  const token::time_point now{1'800'000'000'000'000us};
  const std::string jwt = signer.mint("rc-1f2e-0042", now + 1h);
  for (auto _ : state) {
    benchmark::DoNotOptimize(signer.verify(jwt, now));
  }
}
BENCHMARK(verify)->Apply(counted);

void verify_again(benchmark::State& state) {
  using namespace std::chrono_literals;
  const token::signer signer("0123456789abcdef0123456789abcdef");
  const token::time_point now{1'800'000'000'000'000us};
  const std::string jwt = signer.mint("rc-1f2e-0042", now + 1h);
  token::checked_tokens tokens(signer);
  for (auto _ : state) {
    benchmark::DoNotOptimize(tokens.verify(jwt, now));
  }
}
BENCHMARK(verify_again)->Apply(counted);

}  // namespace

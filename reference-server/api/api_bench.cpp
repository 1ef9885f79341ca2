// Kernels of the api's own work on one request: route, query, body, and the message as JSON.
#include "cmake/counted.hpp"
#include "reference-server/api/chat_json.hpp"
#include "reference-server/api/page.hpp"
#include "reference-server/api/request_body.hpp"
#include "reference-server/api/routes.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

void find_route(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(api::match(http::method::get, "/api/v1/chats/77/messages/"));
  }
}
BENCHMARK(find_route)->Apply(counted);

void read_page(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(api::parse_page("limit=50&after=12345", true));
  }
}
BENCHMARK(read_page)->Apply(counted);

void read_body(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(api::parse_message_body(R"({"body":"how are you, and how is the weather?"})"));
  }
}
BENCHMARK(read_body)->Apply(counted);

void encode_message(benchmark::State& state) {
  const api::message shown{
      .id = 12345,
      .chat = 77,
      .sender = "rc-1-0001",
      .recipient = "rc-1-0002",
      .body = "how are you, and how is the weather?",
      .created_at = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + std::chrono::microseconds(11045678901)};
  std::string out;
  for (auto _ : state) {
    out.clear();
    api::append_json(out, shown);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(encode_message)->Apply(counted);

}  // namespace

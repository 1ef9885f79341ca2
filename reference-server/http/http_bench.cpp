// Kernels of one request's way through the HTTP server: reading it, and writing the answer.
#include "cmake/counted.hpp"
#include "reference-server/http/request_parser.hpp"
#include "reference-server/http/response.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

const std::string fields =
    " HTTP/1.1\r\nHost: chat.example.test\r\nUser-Agent: bench/1\r\nAccept: */*\r\n"
    "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyYy0xLTAwMDEiLCJleHAiOjE4MDAwMDAwMDB9."
    "C0vLYcJcQ1Zv9vTq1pYvX0Y0Vq1b7J2mN3xR5tU8wQk\r\n";

void parse(benchmark::State& state, const std::string& bytes) {
  const http::limits bounds;
  http::request_parser parser(bounds);
  for (auto _ : state) {
    benchmark::DoNotOptimize(parser.parse(bytes));
    parser.reset();
  }
}

void parse_get(benchmark::State& state) {
  parse(state, "GET /api/v1/chats/77/messages/?limit=50&after=12345" + fields + "\r\n");
}
BENCHMARK(parse_get)->Apply(counted);

void parse_post(benchmark::State& state) {
  parse(state, "POST /api/v1/chats/77/messages/" + fields +
                   "Content-Type: application/json\r\nContent-Length: 23\r\n\r\n{\"body\":\"how are you?\"}");
}
BENCHMARK(parse_post)->Apply(counted);

void write_answer(benchmark::State& state) {
  http::response answer;
  answer.status = 201;
  answer.headers = "Location: /api/v1/chats/77/messages/12345/\r\n";
  answer.body = std::string(170, 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    http::append_response(out, answer, "Fri, 02 Jan 2026 03:04:05 GMT", false, true);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(write_answer)->Apply(counted);

}  // namespace

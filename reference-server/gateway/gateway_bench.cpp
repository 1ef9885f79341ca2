// Kernels of the path of one message through the gateway: look-up, encoding, queueing, and a client's frame.
#include "cmake/counted.hpp"
#include "reference-server/gateway/backlog.hpp"
#include "reference-server/gateway/frame_parser.hpp"
#include "reference-server/gateway/router.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <vector>

namespace {

const std::string message =
    R"({"id":12345,"chat_id":77,"sender":"rc-1-0001","recipient":"rc-1-0002","body":"how are you?",)"
    R"("created_at":"2026-01-02T03:04:05.678901Z"})";

std::string user(std::size_t i) {
  return "rc-1-" + std::to_string(i);
}

gateway::router filled(std::uint32_t users) {
  gateway::router routes;
  for (std::uint32_t i = 0; i < users; ++i) {
    routes.wait({i, 1}, user(i));
    routes.attach({i, 1});
  }
  return routes;
}

void route(benchmark::State& state) {
  const auto users = static_cast<std::uint32_t>(state.range(0));
  const auto routes = filled(users);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < users; ++i) names.push_back(user(i * 7919 % users));
  std::size_t i = 0, found = 0;
  for (auto _ : state) {
    routes.each_attached(names[i], [&](gateway::socket_id) { ++found; });
    i = i + 1 == names.size() ? 0 : i + 1;
  }
  benchmark::DoNotOptimize(found);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(route)->Arg(100)->Arg(10'000)->Apply(counted);

void attach_and_leave(benchmark::State& state) {
  auto routes = filled(10'000);
  for (auto _ : state) {
    routes.wait({10'000, 1}, "somebody");
    routes.attach({10'000, 1});
    benchmark::DoNotOptimize(routes.leave({10'000, 1}));
  }
}
BENCHMARK(attach_and_leave)->Apply(counted);

void encode(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        gateway::frame::text({gateway::plain_message.before, message, gateway::plain_message.after}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode)->Apply(counted);

// One message to one socket, all but the system call.
void route_encode_and_queue(benchmark::State& state) {
  const auto routes = filled(10'000);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 10'000; ++i) names.push_back(user(i * 7919 % 10'000));
  gateway::backlog due;
  std::array<iovec, 64> pieces;
  std::size_t i = 0;
  for (auto _ : state) {
    gateway::frame shared;
    routes.each_attached(names[i], [&](gateway::socket_id) {
      if (!shared) {
        shared = gateway::frame::text({gateway::plain_message.before, message, gateway::plain_message.after});
      }
      due.push(shared, 1);
      benchmark::DoNotOptimize(due.gather(pieces));
      due.written(due.bytes());
      due.reset();
    });
    i = i + 1 == names.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(route_encode_and_queue)->Apply(counted);

void parse_a_client_frame(benchmark::State& state) {
  const std::string masked = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
  for (auto _ : state) {
    std::string bytes = masked;
    gateway::frame_parser parser(4096);
    std::span<char> rest(bytes);
    benchmark::DoNotOptimize(parser.next(rest));
  }
}
BENCHMARK(parse_a_client_frame)->Apply(counted);

}  // namespace

// What a described request costs beside the same bytes from code written for the one server: the reference's POST of a
// message, from the text to what goes on the wire, and the id out of its answer by pointer and by hand.
#include "harness/client/http/encode.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/user/json.hpp"
#include "harness/client/user/paths.hpp"
#include "harness/client/user/step_request.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <string>

namespace {

using namespace client;

constexpr std::string_view file = R"(
schema: 1
name: reference
base_url: http://127.0.0.1:8080
socket: { url: "ws://127.0.0.1:8081/ws", kind: websocket }
login: { jwt: { secret: 0123456789abcdef0123456789abcdef, ttl: 1h } }
rest:
  create_chat:
    steps: [{ request: POST /api/v1/chats/, json: { participants: ["${peer.name}"] }, capture: { made: { pointer: /id } } }]
    id: "${made}"
  send:
    request: POST /api/v1/chats/${chat.id}/messages/
    json: { body: "${text}" }
    id: /id
)";

const target& described() {
  static const target read = [] {
    auto made = parse_target(file, "reference.yaml", {}, [](const std::string&) { return std::nullopt; });
    if (!made) {
      std::fputs((to_string(made.error()) + "\n").c_str(), stderr);
      std::exit(2);
    }
    return std::move(*made);
  }();
  return read;
}

const std::string chat_id = "1234567";
const std::string text = "rc-k3j9qd-17-4-1029-lq0v2m1-9fd01c7e and a few words of no meaning";
const http::header authorization{"Authorization", "Bearer " + std::string(180, 'x')};

std::string on_the_wire(http::request request) {
  request.headers.push_back(authorization);
  return http::encode_request(request, described().base_urls.front());
}

std::string by_hand() {
  return on_the_wire({.method = "POST",
                      .target = messages_path(chat_id),
                      .headers = {{"Content-Type", "application/json"}},
                      .body = write_body(text)});
}

std::string by_template(const variables& chat) {
  const std::array<local_variable, 1> call{{{"text", text}}};
  auto request = build_request(described().rest->send->request, {.call = call, .chat = &chat});
  if (!request) std::abort();
  return on_the_wire(std::move(*request));
}

void request_by_hand(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(by_hand());
}
BENCHMARK(request_by_hand);

void request_by_template(benchmark::State& state) {
  variables chat;
  chat.set("id", {chat_id, false});
  if (by_template(chat) != by_hand()) return state.SkipWithError("the two are not the same request");
  for (auto _ : state) benchmark::DoNotOptimize(by_template(chat));
}
BENCHMARK(request_by_template);

}  // namespace

#include "cli/reach.hpp"

#include "harness/client/http/connection.hpp"
#include "harness/client/loop.hpp"
#include "harness/client/transport/network.hpp"
#include "harness/record/exit_code.hpp"

#include <fmt/format.h>

#include <thread>

namespace cli {

namespace {

/// Any HTTP answer will do: a login page, a 404, a refused upgrade.
std::optional<std::string> silent(const client::url& where, const client::transport::options& connections) {
  client::asio::io_context io;
  client::transport::use(io, connections);
  client::url origin = where;
  origin.path = "/";  // the whole path is asked for below it
  client::http::connection connection(io, origin);
  const auto now = client::clock::now();
  const auto deadline = now + std::chrono::seconds(5);
  client::http::request request;
  request.target = where.path;
  const auto answer = client::await<client::http::exchange>(io, deadline + std::chrono::seconds(1), [&](auto done) {
    connection.send(std::move(request), now, deadline, std::move(done));
  });
  if (answer && answer->status != 0) return std::nullopt;
  return fmt::format("{}: {}", where.text(), answer ? answer->summary() : "no answer");
}

std::optional<std::string> first_silent(const client::target& target, const client::transport::options& connections) {
  for (const auto* urls : {&target.base_urls, &target.socket.urls}) {
    for (const auto& each : *urls) {
      if (auto trouble = silent(each, connections)) return trouble;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> unreachable(const client::target& target, std::chrono::milliseconds wait,
                                       const client::transport::options& connections) {
  const auto deadline = client::clock::now() + wait;
  for (;;) {
    const auto trouble = first_silent(target, connections);
    if (!trouble || client::clock::now() >= deadline) return trouble;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void settle_target(record::result& result, const client::target& target,
                   const client::transport::options& connections) {
  if (result.verdict != record::run_verdict::inconclusive || !first_silent(target, connections)) return;
  result.verdict = record::run_verdict::target;
  result.exit_code = static_cast<int>(record::exit_code::target);
}

}  // namespace cli

#include "cli/up.hpp"

#include "cli/interruption.hpp"
#include "cli/stack_error.hpp"
#include "harness/client/jwt/token.hpp"
#include "harness/record/exit_code.hpp"
#include "harness/stack/stack.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace cli {

using record::exit_code;

namespace {

constexpr std::chrono::hours token_life{1};

std::string curl(const stack::stack& running, const std::string& user) {
  const std::string token =
      client::jwt::mint(running.secret(), user, client::jwt::wall_now(), std::chrono::seconds(token_life));
  const std::string peer = user == "bob" ? "alice" : "bob";
  return fmt::format(
      "curl -sS -H 'Authorization: Bearer {}' -H 'Content-Type: application/json' -d '{{\"participant\": \"{}\"}}' "
      "{}/api/v1/chats/",
      token, peer, running.base_urls().front());
}

void print_text(const stack::stack& running, const up_options& wanted) {
  fmt::print("The private stack is up. Ctrl-C stops it and {}.\n\n",
             wanted.data ? "keeps " + wanted.data->string() : std::string("leaves nothing behind"));
  for (const std::string& url : running.base_urls()) fmt::print("  REST        {}/api/v1/\n", url);
  for (const std::string& url : running.socket_urls()) fmt::print("  WebSocket   {}\n", url);
  if (running.direct_urls() != running.base_urls()) {
    for (const client::part& one : running.list()) {
      if (!one.admin.empty()) fmt::print("  behind it   {} ({})\n", one.address, one.name);
    }
  }
  for (const auto& [part, url] : running.admin_urls()) fmt::print("  metrics     {}/metrics ({})\n", url, part);
  fmt::print("  PostgreSQL  psql \"{}\"\n", running.postgres_conninfo());
  fmt::print("  Redis       redis-cli -s {}\n", running.redis_path().string());
  fmt::print("  logs        {}\n", running.logs().string());
  if (wanted.data) fmt::print("  data        {}, with the secret that signs tokens\n", wanted.data->string());
  if (!running.base_urls().empty()) {
    fmt::print("\nOpen a chat as {} (the token is good for an hour):\n\n  {}\n\n", wanted.user,
               curl(running, wanted.user));
  }
}

void print_json(const stack::stack& running, const up_options& wanted) {
  boost::json::array parts;
  for (const auto& part : running.list())
    parts.push_back({{"name", part.name}, {"pid", part.pid}, {"address", part.address}});
  boost::json::object all{{"schema", "rollcall.up/1"},
                          {"base_urls", boost::json::value_from(running.base_urls())},
                          {"direct_urls", boost::json::value_from(running.direct_urls())},
                          {"socket_urls", boost::json::value_from(running.socket_urls())},
                          {"admin_urls", boost::json::value_from(running.admin_urls())},
                          {"postgres", running.postgres_conninfo()},
                          {"redis", running.redis_path().string()},
                          {"logs", running.logs().string()},
                          {"parts", std::move(parts)}};
  if (wanted.data) all["data"] = wanted.data->string();
  fmt::print("{}\n", boost::json::serialize(all));
}

}  // namespace

exit_code up(const up_options& wanted) {
  const interruption stop;
  stack::options options;
  options.api = wanted.api;
  options.gateway = wanted.gateway;
  options.balancer = std::max(wanted.api, wanted.gateway) > 1;
  options.data = wanted.data;
  options.logs = wanted.logs;
  options.interrupt_fd = stop.fd();

  fmt::print(stderr, "starting PostgreSQL, Redis, {} api, {} gateway{} …\n", wanted.api, wanted.gateway,
             options.balancer ? " behind HAProxy" : "");
  auto started = stack::stack::start(options);
  if (!started) throw stack_error(started.error(), stop);
  stack::stack& running = **started;
  wanted.json ? print_json(running, wanted) : print_text(running, wanted);
  std::fflush(stdout);

  for (;;) {
    std::array<pollfd, 2> looked{{{stop.fd(), POLLIN, 0}, {running.event_fd(), POLLIN, 0}}};
    ::poll(looked.data(), looked.size(), -1);
    if (looked[0].revents != 0) {
      stop.take();
      break;
    }
    if (const auto why = running.failed()) {
      fmt::print(stderr, "rollcall up: the stack went down: {}\n", *why);
      running.shut_down();
      return exit_code::target;
    }
  }
  fmt::print(stderr, "stopping …\n");
  if (!running.shut_down()) {
    fmt::print(stderr, "rollcall up: the supervisor (process {}) has not ended in 20 s\n", running.supervisor_pid());
    return exit_code::internal;
  }
  return exit_code::passed;
}

}  // namespace cli

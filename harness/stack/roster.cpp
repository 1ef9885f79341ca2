#include "harness/stack/roster.hpp"

#include "harness/stack/programs.hpp"
#include "harness/stack/secret.hpp"

#include <algorithm>
#include <cstdlib>

namespace stack {
namespace fs = std::filesystem;
namespace {

std::string search_path() {
  const char* path = std::getenv("PATH");
  return path ? path : "/usr/local/bin:/usr/bin:/bin";
}

start_result<void> add_stores(roster& made, const plan& wanted, const store_programs& programs) {
  const fs::path cluster = made.data ? made.data->cluster() : made.home->path() / "postgres";
  const auto folder = made.home->folder_for(made.who, "redis");
  if (!folder) return folder.error();
  made.parts.emplace_back("postgres", client::part_kind::database,
                          make_postgres(made.who, programs.initdb, programs.postgres, cluster, made.home->sockets(),
                                        wanted.arguments_of("postgres", "postgres")),
                          made.logs / "postgres.log");
  made.parts.emplace_back(
      "redis", client::part_kind::broker,
      make_redis(made.who, programs.redis, *folder, made.home->sockets(), wanted.arguments_of("redis", "redis")),
      made.logs / "redis.log");
  return {};
}

start_result<void> add_service(roster& made, const std::string& name, client::part_kind kind, service what) {
  auto how = make_service(std::move(what));
  if (!how) return how.error();
  made.parts.emplace_back(name, kind, std::move(*how), made.logs / (name + ".log"));
  return {};
}

start_result<void> add_balancer(roster& made, const fs::path& program) {
  const auto folder = made.home->folder_for(made.who, "haproxy");
  if (!folder) return folder.error();
  std::vector<balanced> behind;
  for (const part& one : made.parts) {
    const client::part said = one.description();
    if (said.kind == client::part_kind::api || said.kind == client::part_kind::gateway) {
      behind.push_back({said.name, said.address, said.admin});
    }
  }
  auto how = make_haproxy(made.who, program, *folder, behind);
  if (!how) return how.error();
  made.parts.emplace_back("haproxy", client::part_kind::balancer, std::move(*how), made.logs / "haproxy.log");
  return {};
}

// A service's own arguments, where Redis is, and what the plan adds: that may name another Redis (a proxy before it).
std::vector<std::string> arguments_for(std::vector<std::string> own, const std::string& redis,
                                       const std::vector<std::string>& more) {
  if (std::find(more.begin(), more.end(), "--redis") == more.end()) own.insert(own.end(), {"--redis", redis});
  own.insert(own.end(), more.begin(), more.end());
  return own;
}

}  // namespace

part* roster::find(std::string_view name) {
  for (part& one : parts) {
    if (one.name() == name) return &one;
  }
  return nullptr;
}

start_result<std::unique_ptr<roster>> make_roster(const plan& wanted, const std::string& secret) {
  auto made = std::make_unique<roster>();

  // What may be missing first, so that nothing has been made when it is.
  std::optional<store_programs> stores;
  std::optional<fs::path> api, gateway, replacement, haproxy;
  const auto look = [](std::optional<fs::path>& place, start_result<fs::path> found) -> start_result<void> {
    if (!found) return found.error();
    place = std::move(*found);
    return {};
  };
  if (wanted.stores) {
    const auto who = unprivileged_account();
    if (!who) return who.error();
    made->who = *who;
    const auto found = find_stores(search_path());
    if (!found) return found.error();
    stores = *found;
  }
  if (!wanted.replacement.empty()) {
    if (const auto done = look(replacement, find_replacement(wanted.programs, search_path(), wanted.replacement));
        !done)
      return done.error();
  } else {
    if (wanted.api > 0) {
      if (const auto done = look(api, find_ours(wanted.programs, "rollcall-api")); !done) return done.error();
    }
    if (wanted.gateway > 0) {
      if (const auto done = look(gateway, find_ours(wanted.programs, "rollcall-gateway")); !done) return done.error();
    }
    if (wanted.balancer) {
      if (const auto done = look(haproxy, find_haproxy(search_path())); !done) return done.error();
    }
  }

  auto home = private_directory::make(temporary_base(), made->who);
  if (!home) return home.error();
  made->home.emplace(std::move(*home));
  std::string signing = secret;
  if (!wanted.data.empty()) {
    auto data = data_directory::open(wanted.data, made->who);
    if (!data) return data.error();
    made->data.emplace(std::move(*data));
    const auto kept = made->data->secret(secret);
    if (!kept) return kept.error();
    signing = *kept;
  }
  if (signing.empty()) signing = new_secret();
  made->logs =
      !wanted.logs.empty() ? fs::path(wanted.logs) : (made->data ? made->data->path() : made->home->path()) / "logs";
  std::error_code problem;
  fs::create_directories(made->logs, problem);
  if (problem) return start_error{failure::usage, made->logs.string() + ": cannot be made: " + problem.message()};

  if (stores) {
    if (const auto done = add_stores(*made, wanted, *stores); !done) return done.error();
  }
  if (replacement) {
    service what{*replacement, wanted.replacement_arguments, signing, false};
    if (const auto done = add_service(*made, "server", client::part_kind::api, std::move(what)); !done)
      return done.error();
    return made;
  }
  const std::string redis = "unix:" + redis_path(made->home->sockets()).string();
  for (int number = 1; number <= wanted.api; ++number) {
    const std::string name = "api" + std::to_string(number);
    std::string conninfo = postgres_conninfo(made->home->sockets());
    if (!wanted.postgres_suffix.empty()) conninfo += " " + wanted.postgres_suffix;
    service what{*api, arguments_for({"--name", name, "--postgres", conninfo}, redis, wanted.arguments_of("api", name)),
                 signing, true};
    if (const auto done = add_service(*made, name, client::part_kind::api, std::move(what)); !done) return done.error();
  }
  for (int number = 1; number <= wanted.gateway; ++number) {
    const std::string name = "g" + std::to_string(number);
    service what{*gateway, arguments_for({"--name", name}, redis, wanted.arguments_of("gateway", name)), signing, true};
    if (const auto done = add_service(*made, name, client::part_kind::gateway, std::move(what)); !done)
      return done.error();
  }
  if (haproxy) {
    if (const auto done = add_balancer(*made, *haproxy); !done) return done.error();
  }
  return made;
}

}  // namespace stack

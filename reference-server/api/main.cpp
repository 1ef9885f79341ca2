#include "reference-server/api/application.hpp"
#include "reference-server/ops/log.hpp"

#include <exception>

int main(int argc, char** argv) {
  constexpr const char* program = "rollcall-api";
  api::api_flags flags;
  flags.listen = {boost::asio::ip::address_v4::loopback(), 8080};
  flags.name = "api1";
  CLI::App app("The REST process of the Rollcall reference server: saves messages in PostgreSQL, publishes in Redis.",
               program);
  ops::add_common_flags(app, flags);
  app.add_option("--postgres", flags.postgres, "libpq connection string, for example 'host=/run/pg dbname=chat'")
      ->required()
      ->type_name("CONNINFO");
  app.add_flag("--dev-login", flags.dev_login, "serve POST /api/v1/login/, which gives anybody a token for any name");
  app.add_option("--origin", flags.origins,
                 "an origin whose web pages may call (CORS), repeatable; none when not given")
      ->check(api::cors::check)
      ->type_name("URL");
  if (const auto code = ops::parse_flags(app, argc, argv)) {
    return *code;
  }
  std::string problem;
  const auto secret = ops::load_secret(flags, problem);
  if (!secret) {
    return ops::refuse(program, problem);
  }
  auto redis = redis::parse_address(flags.redis);
  if (!redis) {
    return ops::refuse(program, "--redis: " + redis.error());
  }
  ops::start_log(flags.name, flags.log_level);
  try {
    api::application application(flags, *secret, *std::move(redis));
    return application.run();
  } catch (const std::exception& bug) {
    ops::log_error("internal error", {{"why", bug.what()}});
    return 70;
  }
}

#include "reference-server/ops/flags.hpp"

#include "reference-server/ops/endpoint.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

namespace ops {
namespace {

constexpr std::size_t shortest_secret = 32;

std::string read_endpoint(const CLI::results_t& given, boost::asio::ip::tcp::endpoint& endpoint) {
  const auto parsed = parse_endpoint(given.front());
  if (!parsed) {
    return "'" + given.front() + "' is not HOST:PORT; give a numeric address, for example 127.0.0.1:8080 or [::1]:0";
  }
  endpoint = *parsed;
  return {};
}

std::string check_name(const std::string& name) {
  const bool good = !name.empty() && name.size() <= 16 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  return good ? "" : "'" + name + "' is no process name; give 1 to 16 of the characters a-z and 0-9";
}

}  // namespace

void add_common_flags(CLI::App& app, common_flags& flags) {
  const auto endpoint_flag = [&app](const char* name, auto read, const char* what) {
    return app.add_option(
        name,
        [read](const CLI::results_t& given) {
          if (const std::string problem = read(given); !problem.empty()) {
            throw CLI::ValidationError(problem);
          }
          return true;
        },
        what);
  };
  endpoint_flag(
      "--listen", [&flags](const CLI::results_t& given) { return read_endpoint(given, flags.listen); },
      "HOST:PORT to serve on; port 0 is any free one")
      ->type_name("HOST:PORT")
      ->default_str(to_string(flags.listen));
  endpoint_flag(
      "--admin-listen",
      [&flags](const CLI::results_t& given) {
        flags.admin_listen.emplace();
        return read_endpoint(given, *flags.admin_listen);
      },
      "HOST:PORT for /healthz, /readyz and /metrics; off when not given")
      ->type_name("HOST:PORT");
  app.add_option("--redis", flags.redis, "unix:/path.sock, HOST:PORT or cluster:HOST:PORT,…")
      ->required()
      ->type_name("ADDRESS");
  app.add_option("--name", flags.name, "name of this process in logs and ids")
      ->check(check_name)
      ->capture_default_str();
  app.add_option("--log-level", flags.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_option("--secret-file", flags.secret_file,
                 "file whose first line is the token secret; else the environment variable ROLLCALL_SECRET")
      ->type_name("FILE");
  app.add_option("--ready-fd", flags.ready_fd, "descriptor that gets one line of JSON when the process serves")
      ->check(CLI::Range(0, 1 << 20))
      ->type_name("N");
  app.set_version_flag("--version", app.get_name() + " 0.1.0");
}

std::optional<int> parse_flags(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success& shown) {
    return app.exit(shown);
  } catch (const CLI::ParseError& bad) {
    return refuse(app.get_name(), bad.what());
  }
}

int refuse(const std::string& program, const std::string& problem) {
  std::string line = program + ": " + problem;
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::cerr << line << " (" << program << " --help lists the flags)\n";
  return 2;
}

std::optional<std::string> load_secret(const common_flags& flags, std::string& problem) {
  std::string secret;
  std::string origin = "ROLLCALL_SECRET";
  if (!flags.secret_file.empty()) {
    origin = flags.secret_file;
    std::ifstream file(flags.secret_file);
    if (!std::getline(file, secret)) {
      problem = "--secret-file " + flags.secret_file + " cannot be read; give a file whose first line is the secret";
      return std::nullopt;
    }
  } else if (const char* given = std::getenv("ROLLCALL_SECRET")) {
    secret = given;
  }
  if (secret.size() < shortest_secret) {
    problem = (secret.empty() ? "there is no token secret; set ROLLCALL_SECRET or give --secret-file"
                              : "the token secret in " + origin + " is shorter") +
              std::string(secret.empty() ? " with at least 32 bytes" : " than 32 bytes; give a longer one");
    return std::nullopt;
  }
  return secret;
}

}  // namespace ops

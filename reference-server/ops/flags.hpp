// The flags that both server processes share, and the way both refuse a bad command line: one line on stderr and exit
// code 2. Used once at the top of main.
#pragma once

#include <CLI/CLI.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <string>

namespace ops {

struct common_flags {
  boost::asio::ip::tcp::endpoint listen;
  std::optional<boost::asio::ip::tcp::endpoint> admin_listen;  // nothing: no admin port
  std::string redis;                                           // unix:/path.sock or HOST:PORT, checked by its user
  std::string name;                                            // [a-z0-9]{1,16}
  std::string log_level = "info";
  std::string secret_file;
  int ready_fd = -1;  // -1: nobody wants to know
};

// Adds --listen, --admin-listen, --redis, --name, --log-level, --secret-file, --ready-fd and --version to `app`. The
// values in `flags` are the defaults shown by --help; `flags` has to live until the parse.
void add_common_flags(CLI::App& app, common_flags& flags);

// Parses; gives the exit code when the process has to end now: 0 after --help and --version, 2 for a bad command line.
std::optional<int> parse_flags(CLI::App& app, int argc, const char* const* argv);

// One clear line on stderr, "<program>: <problem>"; returns 2, for `return refuse(…)` in main.
int refuse(const std::string& program, const std::string& problem);

// The shared secret: the first line of --secret-file, else the environment variable ROLLCALL_SECRET. Nothing, and
// `problem` says what to do, when there is none or it is shorter than 32 bytes.
std::optional<std::string> load_secret(const common_flags& flags, std::string& problem);

}  // namespace ops

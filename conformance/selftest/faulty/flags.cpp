#include "conformance/selftest/faulty/flags.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace faulty {
namespace {

constexpr std::size_t shortest_secret = 32;

[[noreturn]] void reject(const std::string& text) {
  throw CLI::ValidationError(text);
}

boost::asio::ip::tcp::endpoint endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  boost::system::error_code error;
  unsigned short port = 0;
  const auto address = boost::asio::ip::make_address(text.substr(0, colon), error);
  const std::string digits = colon == text.npos ? "" : text.substr(colon + 1);
  const auto [end, number] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error || digits.empty() || number != std::errc() || end != digits.data() + digits.size())
    reject("--listen " + text + ": expected ADDRESS:PORT, for example 127.0.0.1:0");
  return {address, port};
}

// "250us", "2ms" or "25s".
std::chrono::microseconds duration(const std::string& flag, const std::string& text) {
  std::int64_t count = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string unit(end, text.data() + text.size());
  const std::int64_t scale = unit == "us" ? 1 : unit == "ms" ? 1000 : unit == "s" ? 1'000'000 : 0;
  if (error != std::errc() || count < 0 || count > 86'400'000 || scale == 0)
    reject(flag + " " + text + ": expected a whole number with its unit, for example 250us, 2ms or 25s");
  return std::chrono::microseconds(count * scale);
}

std::string secret(const std::string& file) {
  std::string text;
  if (file.empty()) {
    const char* given = std::getenv("ROLLCALL_SECRET");
    text = given == nullptr ? "" : given;
  } else {
    std::ifstream in(file, std::ios::binary);
    if (!in) reject("--secret-file " + file + ": cannot be read");
    text.assign(std::istreambuf_iterator<char>(in), {});
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  }
  if (text.size() < shortest_secret)
    reject(fmt::format("{}: expected a secret of at least {} bytes, found {}",
                       file.empty() ? "ROLLCALL_SECRET" : "--secret-file " + file, shortest_secret, text.size()));
  return text;
}

}  // namespace

std::variant<Flags, int> parse_flags(int argc, char** argv) {
  Flags flags;
  std::string listen = "127.0.0.1:0", secret_file, commit_delay = "2ms", registration_delay = "20ms",
              ping_interval = "25s", ping_timeout = "20s";
  CLI::App app("A small in-memory chat backend, right or with chosen faults", "rollcall-faulty");
  app.set_version_flag("--version", "rollcall-faulty " ROLLCALL_VERSION);
  app.add_option("--listen", listen, "address and port for REST and /ws (default 127.0.0.1:0, any free port)");
  app.add_option("--ready-fd", flags.ready_fd, "write {\"listen\":…} to this descriptor once listening");
  app.add_option("--secret-file", secret_file, "file with the token secret (default: ROLLCALL_SECRET)");
  app.add_option("--fault", flags.faults, "NAME[=RATE][@K/N], repeatable: switch a fault on")->allow_extra_args(false);
  app.add_option("--rate", flags.default_rate, "rate of faults given without one (default 1)")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--seed", flags.seed, "seed of the faults' random streams (default 1)");
  app.add_option("--log", flags.log, "append one JSON line per fault that happened");
  app.add_option("--commit-delay", commit_delay, "from insert to commit of a message (default 2ms)");
  app.add_option("--registration-delay", registration_delay,
                 "from ready to the registration, with the fault late_registration (default 20ms)");
  app.add_option("--ping-interval", ping_interval, "between pings of a socket (default 25s)");
  app.add_option("--ping-timeout", ping_timeout, "until an unanswered ping drops it (default 20s)");
  app.add_option("--origin", flags.settings.origins, "origin that browsers may call from, repeatable (default: any)")
      ->allow_extra_args(false);
  std::vector<std::string> benign;
  app.add_option("--benign", benign, "be odd in a way that is right, repeatable: " + benign_names())
      ->allow_extra_args(false);
  app.add_flag("--dev-login", flags.settings.dev_login, "serve POST /api/v1/login/");
  app.add_flag("--list-faults", flags.list_faults, "print the faults and end");
  try {
    app.parse(argc, argv);
    if (flags.list_faults) return flags;
    flags.listen = endpoint(listen);
    flags.settings.secret = secret(secret_file);
    for (const auto& name : benign)
      if (!enable(flags.settings.benign, name)) reject("--benign " + name + ": expected one of " + benign_names());
    flags.settings.commit_delay = duration("--commit-delay", commit_delay);
    const auto ms = [](auto d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d); };
    flags.settings.registration_delay = ms(duration("--registration-delay", registration_delay));
    flags.settings.ping_interval = ms(duration("--ping-interval", ping_interval));
    flags.settings.ping_timeout = ms(duration("--ping-timeout", ping_timeout));
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "rollcall-faulty: {} (--help shows the flags)\n", error.what());
    return 2;
  }
  return flags;
}

std::string fault_list() {
  std::string text = fmt::format("{:<36}{:<16}{:<10}{}\n", "fault", "where", "caught by", "what goes wrong");
  for (const auto& row : fault_table)
    text += fmt::format("{:<36}{:<16}{:<10}{}\n", row.name, row.where, row.caught_by, row.sentence);
  return text;
}

}  // namespace faulty

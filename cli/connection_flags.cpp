#include "cli/connection_flags.hpp"

#include "cli/command_error.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/transport/tls.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace cli {

namespace {

std::string absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).string();
}

}  // namespace

void add_connection_flags(CLI::App& command, connection_flags& flags) {
  command.add_option("--cacert", flags.cacert, "Trust the certificates in this file (PEM) instead of the system's");
  command.add_option("--cert", flags.cert, "A certificate of our own to show (PEM, with its chain)");
  command.add_option("--key", flags.key, "Its key (PEM), unless it is in the same file");
  command.add_flag("--insecure", flags.insecure, "Trust any certificate");
  command.add_option("--resolve", flags.resolve, "Use an address for a host and port: HOST:PORT:ADDRESS")
      ->allow_extra_args(false);
}

client::transport::options connection_options(const connection_flags& flags) {
  client::transport::options out;
  out.ca_file = absolute(flags.cacert);
  out.certificate_file = absolute(flags.cert);
  out.key_file = absolute(flags.key);
  out.insecure = flags.insecure;
  for (const auto& text : flags.resolve) {
    const auto fixed = client::transport::parse_fixed_address(text);
    if (!fixed) throw usage_error(fmt::format("--resolve '{}' {}", text, fixed.error().clause));
    out.fixed.push_back(*fixed);
  }
  if (const auto added = client::transport::add_environment(out, client::process_environment()); !added) {
    throw usage_error(added.error().clause);
  }
  if (const auto context = client::transport::make_tls_context(out); !context) {
    throw usage_error(context.error().clause);
  }
  return out;
}

client::target as_reached(client::target target, const client::transport::options& by) {
  for (auto* urls : {&target.base_urls, &target.direct_urls, &target.socket.urls}) {
    for (client::url& each : *urls) {
      if (const auto* fixed = client::transport::fixed_for(by, each)) each.host = fixed->address;
    }
  }
  return target;
}

}  // namespace cli

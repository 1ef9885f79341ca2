// Flags that say how connections are made, the same for every command that makes some; and what the environment says of
// it (HTTPS_PROXY, NO_PROXY; SSL_CERT_FILE is OpenSSL's own).
#pragma once

#include "harness/client/target/target.hpp"
#include "harness/client/transport/options.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace cli {

struct connection_flags {
  std::string cacert;
  std::string cert;
  std::string key;
  bool insecure = false;
  std::vector<std::string> resolve;
};

void add_connection_flags(CLI::App& command, connection_flags& flags);

/// With absolute paths, for worker processes. Throws usage_error for what cannot be used.
client::transport::options connection_options(const connection_flags& flags);

/// The target as packets find it: hosts with a fixed address are that address. For judging whether it is here.
client::target as_reached(client::target target, const client::transport::options& by);

}  // namespace cli

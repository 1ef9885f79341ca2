// How connections are made: whom TLS trusts, who we are to it, addresses to use instead of the resolver's, and the
// proxy. Plain data; the command line fills it, worker processes get it in their plan.
#pragma once

#include "harness/client/target/problem.hpp"
#include "harness/client/target/url.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::transport {

// --resolve HOST:PORT:ADDRESS
struct fixed_address {
  std::string host;
  std::uint16_t port = 0;
  std::string address;
};

struct options {
  std::string ca_file;           // PEM; instead of the system's (which SSL_CERT_FILE may name). Empty: the system's
  std::string certificate_file;  // PEM, ours, with its chain. Empty: none
  std::string key_file;          // PEM; empty: in certificate_file
  bool insecure = false;         // whoever it is, is trusted
  std::vector<fixed_address> fixed;
  std::optional<url> proxy;           // for https and wss: by CONNECT
  std::string proxy_authorization;    // what the proxy is told of us, "Basic …". Empty: nothing
  std::vector<std::string> no_proxy;  // hosts and domains that it is not for; "*": none
};

// The reasons are clauses. IPv6 addresses stand in brackets.
checked<fixed_address> parse_fixed_address(std::string_view text);

// Adds HTTPS_PROXY (http://user:password@host:port, of which host is enough) and NO_PROXY (or in lower case); `read`
// gives an environment variable.
checked<void> add_environment(options& onto, const std::function<std::optional<std::string>(const std::string&)>& read);

// Through which proxy, if any: never for plain http and ws, nor for localhost and loopback addresses.
const url* proxy_for(const options& by, const url& where);

// Where it goes instead, if that was said. What goes through a proxy is resolved there.
const fixed_address* fixed_for(const options& by, const url& where);

// For worker processes.
std::string to_json(const options& options);
// Throws std::exception on text that to_json did not write; empty text: defaults.
options options_from_json(std::string_view text);

}  // namespace client::transport

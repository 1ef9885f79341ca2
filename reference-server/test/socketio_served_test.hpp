// What the protocol's cases run against: the echo server at one of its two paths, or the gateway with a Redis of its
// own.
#pragma once

#include "reference-server/test/socketio_client_test.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway_test {

using flags = std::vector<std::string>;
// For cases about time.
inline const flags quick = {"--ping-interval", "300ms", "--ping-timeout", "5s", "--connect-timeout", "2s"};

class echo_server {
 public:
  echo_server(const temporary_directory& directory, const flags& given);
  std::uint16_t port() const { return port_; }

 private:
  std::optional<process> process_;
  std::uint16_t port_ = 0;
};

enum class where { bare_echo, socketio_echo, gateway };

struct Served {
  temporary_directory directory;
  std::optional<private_redis> redis;
  std::optional<running_gateway> gateway;
  std::optional<echo_server> echo;

  engine_client start(where at, const flags& given = {});
};

}  // namespace gateway_test

#include "reference-server/test/socketio_served_test.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

namespace gateway_test {

echo_server::echo_server(const temporary_directory& directory, const flags& given) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  flags command{ROLLCALL_BIN "/server-socketio-echo", "--ready-fd", "3"};
  command.insert(command.end(), given.begin(), given.end());
  process_.emplace(command, directory.path("echo.log"), ends[1]);
  ::close(ends[1]);
  port_ = await_ready(ends[0]).listen;
}

engine_client Served::start(where at, const flags& given) {
  if (at == where::gateway) {
    redis.emplace(directory);
    gateway.emplace(directory, redis->socket(), given);
    return {gateway->port(), "/socket.io/"};
  }
  const flags calm = {"--ping-interval", "25s", "--ping-timeout", "20s", "--connect-timeout", "45s"};
  echo.emplace(directory, given.empty() ? calm : given);
  return {echo->port(), at == where::bare_echo ? "/engine.io/" : "/socket.io/"};
}

}  // namespace gateway_test

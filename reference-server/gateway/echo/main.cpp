// server-socketio-echo: the echo server of the protocol's cases, on loopback, until a signal.
#include "reference-server/gateway/echo/echo.hpp"
#include "reference-server/gateway/options.hpp"
#include "reference-server/http/server.hpp"
#include "reference-server/ops/ready.hpp"
#include "reference-server/ops/signals.hpp"

#include <boost/asio/io_context.hpp>

int main(int argc, char** argv) {
  CLI::App app("Gives back what it is sent, at /engine.io/ and /socket.io/.", "server-socketio-echo");
  std::uint16_t port = 0;
  int ready_fd = -1;
  std::size_t longest = 1'000'000;
  std::string interval = "300ms", timeout = "200ms", connect = "1s";
  app.add_option("--port", port);
  app.add_option("--ready-fd", ready_fd);
  app.add_option("--max-message", longest);
  app.add_option("--ping-interval", interval);
  app.add_option("--ping-timeout", timeout);
  app.add_option("--connect-timeout", connect);
  if (const auto code = ops::parse_flags(app, argc, argv)) return *code;
  gateway::engine_options options;
  options.bounds.message = longest;
  options.times.ping_interval = gateway::parse_ticks(interval).value();
  options.times.ping_timeout = gateway::parse_ticks(timeout).value();
  auto bare = options;
  bare.times.join_within = 0;
  options.times.join_within = gateway::parse_ticks(connect).value();
  boost::asio::io_context context(1);
  gateway::echo_service service(context, bare, options);
  http::limits bounds;
  bounds.body = longest;
  http::server server(context, service, bounds);
  if (const auto failed = server.listen({boost::asio::ip::address_v4::loopback(), port})) {
    return ops::refuse("server-socketio-echo", "cannot listen: " + failed.message());
  }
  ops::report_ready(ready_fd, server.local_endpoint(), std::nullopt);
  ops::stop_signals signals(context, [&] { context.stop(); });
  context.run();
  return 0;
}

// rollcall-gateway: build the parts, run the loop, give the exit code.
#include "reference-server/gateway/admin.hpp"
#include "reference-server/gateway/descriptors.hpp"
#include "reference-server/gateway/hub.hpp"
#include "reference-server/gateway/options.hpp"
#include "reference-server/gateway/shared_port.hpp"
#include "reference-server/http/server.hpp"
#include "reference-server/ops/endpoint.hpp"
#include "reference-server/ops/log.hpp"
#include "reference-server/ops/ready.hpp"
#include "reference-server/ops/signals.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>

namespace {

constexpr std::chrono::milliseconds drain_patience{2000};

// What is left of the descriptors for sockets.
std::size_t most_sockets(std::size_t wanted, std::uint64_t descriptors) {
  constexpr std::uint64_t others = 64;  // ports, Redis, log, requests that are no sockets yet
  if (wanted > 0) return wanted;
  return descriptors > 2 * others ? static_cast<std::size_t>(descriptors - others) : others;
}

int run(const gateway::options& options) {
  ops::start_log(options.common.name, options.common.log_level);
  const auto descriptors = gateway::raise_descriptor_limit();
  boost::asio::io_context context(1);
  const token::signer tokens(options.secret);
  gateway::hub hub(context, options.hub, tokens);
  gateway::admin admin_service(hub);
  http::limits bounds;
  bounds.body = std::max(bounds.body, options.hub.sockets.message);  // a POST of a polling client is at most a message
  http::server server(context, hub, bounds), admin(context, admin_service);
  if (const auto failed = server.listen(options.common.listen)) {
    return ops::refuse("rollcall-gateway",
                       "cannot listen on " + ops::to_string(options.common.listen) + ": " + failed.message());
  }
  std::optional<boost::asio::ip::tcp::endpoint> admin_at;
  if (options.common.admin_listen) {
    if (const auto failed = admin.listen(*options.common.admin_listen)) {
      return ops::refuse("rollcall-gateway",
                         "cannot listen on " + ops::to_string(*options.common.admin_listen) + ": " + failed.message());
    }
    admin_at = admin.local_endpoint();
  }
  std::optional<gateway::shared_port> shared;
  if (options.shared_listen) {
    shared.emplace(context, hub, bounds, most_sockets(options.max_sockets, descriptors));
    admin_service.show(*shared);
    if (const auto failed = shared->listen(*options.shared_listen)) {
      return ops::refuse("rollcall-gateway",
                         "cannot listen on " + ops::to_string(*options.shared_listen) + ": " + failed.message());
    }
  }
  ops::log_info("listening", {{"address", ops::to_string(server.local_endpoint())}, {"descriptors", descriptors}});
  hub.start([&] { ops::report_ready(options.common.ready_fd, server.local_endpoint(), admin_at); });
  ops::stop_signals signals(context, [&] {
    ops::log_info("stopping", {{"sockets", hub.open_sockets()}});
    hub.stop();
    if (shared) shared->stop(drain_patience);
    admin.stop(drain_patience, [] {});
    server.stop(drain_patience, [&] { signals.cancel(); });
  });
  context.run();
  ops::log_info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = gateway::read_options(argc, argv);
    if (const int* code = std::get_if<int>(&options)) return *code;
    return run(std::get<gateway::options>(options));
  } catch (const std::exception& bug) {
    ops::log_error("bug", {{"what", bug.what()}});
    return 70;
  }
}

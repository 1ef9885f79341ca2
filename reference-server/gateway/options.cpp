#include "reference-server/gateway/options.hpp"

#include "reference-server/ops/endpoint.hpp"

#include <charconv>
#include <cstdint>

namespace gateway {

std::optional<tick> parse_ticks(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  const std::uint64_t milliseconds = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : 0;
  constexpr std::uint64_t day = 24 * 60 * 60 * 1000;
  if (error != std::errc{} || milliseconds == 0 || number > day / milliseconds || number * milliseconds < 100) {
    return std::nullopt;
  }
  return static_cast<tick>((number * milliseconds + 99) / 100);
}

std::variant<options, int> read_options(int argc, const char* const* argv) {
  options result;
  result.common.listen = {boost::asio::ip::address_v4::loopback(), 8081};
  result.common.name = "g1";
  CLI::App app("The reference server's gateway: WebSockets that receive each message published for their user.",
               "rollcall-gateway");
  ops::add_common_flags(app, result.common);
  std::string ping_interval = "25s", ping_timeout = "20s", connect_timeout = "45s";
  const auto duration = [](const std::string& text) {
    return parse_ticks(text) ? std::string() : "'" + text + "' is no duration; give for example 25s, 500ms or 2m";
  };
  app.add_option("--ping-interval", ping_interval, "how often a socket is pinged")
      ->check(duration)
      ->type_name("TIME")
      ->capture_default_str();
  app.add_option("--ping-timeout", ping_timeout, "a socket without a pong for so long is dead")
      ->check(duration)
      ->type_name("TIME")
      ->capture_default_str();
  app.add_option("--connect-timeout", connect_timeout, "a Socket.IO session without CONNECT for so long is closed")
      ->check(duration)
      ->type_name("TIME")
      ->capture_default_str();
  app.add_option("--origin", result.hub.origins, "an Origin that may open sockets, repeatable; any when none is given")
      ->type_name("URL");
  app.add_option("--max-message", result.hub.sockets.message, "bytes of the longest message taken from a client")
      ->check(CLI::Range(std::size_t{125}, std::size_t{1} << 24))
      ->type_name("BYTES")
      ->capture_default_str();
  std::string shared_listen;
  app.add_option("--shared-listen", shared_listen,
                 "HOST:PORT that several gateways share, for WebSockets only; closed while this one is full")
      ->check([](const std::string& text) {
        const auto parsed = ops::parse_endpoint(text);
        return parsed && parsed->port() != 0
                   ? std::string()
                   : "'" + text + "' is no HOST:PORT to share; give for example 127.0.0.1:8090";
      })
      ->type_name("HOST:PORT");
  app.add_option("--max-sockets", result.max_sockets,
                 "open sockets at which this gateway is full and closes the shared port; else as many as it has "
                 "descriptors for")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 24))
      ->type_name("N");
  if (const auto code = ops::parse_flags(app, argc, argv)) return *code;
  if (!shared_listen.empty()) result.shared_listen = ops::parse_endpoint(shared_listen);
  result.hub.sockets.ping_interval = *parse_ticks(ping_interval);
  result.hub.sockets.ping_timeout = *parse_ticks(ping_timeout);
  result.hub.session_times.ping_interval = result.hub.sockets.ping_interval;
  result.hub.session_times.ping_timeout = result.hub.sockets.ping_timeout;
  result.hub.session_times.join_within = *parse_ticks(connect_timeout);
  result.hub.name = result.common.name;
  auto redis = redis::parse_address(result.common.redis);
  if (!redis) return ops::refuse(app.get_name(), "--redis: " + redis.error());
  result.hub.redis = std::move(*redis);
  std::string problem;
  auto secret = ops::load_secret(result.common, problem);
  if (!secret) return ops::refuse(app.get_name(), problem);
  result.secret = std::move(*secret);
  return result;
}

}  // namespace gateway

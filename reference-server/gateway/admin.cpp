#include "reference-server/gateway/admin.hpp"

#include "reference-server/ops/exposition.hpp"

namespace gateway {

void admin::serve(http::exchange asked) {
  const auto& request = asked.request();
  if (request.method != http::method::get && request.method != http::method::head) {
    auto answer = http::problem(405, "read only");
    answer.headers += "Allow: GET, HEAD\r\n";
    return asked.answer(std::move(answer));
  }
  if (request.path == "/healthz") {
    http::response answer;
    answer.body = R"({"status":"ok"})";
    return asked.answer(std::move(answer));
  }
  if (request.path == "/readyz") return asked.answer(readiness());
  if (request.path == "/metrics") return asked.answer(metrics());
  asked.answer(http::problem(404, "here are /healthz, /readyz and /metrics"));
}

http::response admin::readiness() const {
  http::response answer;
  answer.status = hub_.link_up() ? 200 : 503;
  answer.body = hub_.link_up() ? R"({"status":"ok","redis":"up"})" : R"({"status":"unavailable","redis":"down"})";
  return answer;
}

http::response admin::metrics() const {
  ops::exposition shown;
  const auto add = [&shown](std::string_view type, std::string_view name, std::string_view help, std::uint64_t value) {
    const std::string full = "rollcall_gateway_" + std::string(name);
    type == "gauge" ? shown.gauge(full, help, static_cast<double>(value))
                    : shown.counter(full, help, static_cast<double>(value));
  };
  const auto& counts = hub_.counts();
  add("gauge", "redis_up", "1 while the Redis link is up", hub_.link_up() ? 1 : 0);
  add("gauge", "sockets", "sockets, closing ones included", hub_.open_sockets());
  if (shared_ != nullptr) {
    add("gauge", "shared_port_open", "0 while the shared port is closed because this gateway is full",
        shared_->open() ? 1 : 0);
  }
  add("gauge", "sessions", "Socket.IO sessions, also while their end is still to be fetched", hub_.open_sessions());
  add("gauge", "subscribed_users", "users with a socket", hub_.subscribed_users());
  add("counter", "opened_total", "handshakes that became plain sockets", counts.opened);
  add("counter", "sessions_opened_total", "Engine.IO sessions opened", counts.sessions);
  add("counter", "refused_total", "requests answered with an error", counts.refused);
  add("counter", "ready_total", "sockets and sessions attached", counts.ready);
  add("counter", "messages_total", "published messages read from Redis", counts.messages);
  add("counter", "deliveries_total", "message frames queued on sockets", counts.deliveries);
  add("counter", "resyncs_total", "resync notes read from Redis", counts.resyncs);
  add("counter", "redis_links_lost_total", "times the Redis link went down", counts.links_lost);
  add("counter", "closed_slow_total", "sockets closed because they read too slowly", counts.closed_slow);
  add("counter", "closed_expired_total", "sockets closed because their token expired", counts.closed_expired);
  return {.content_type = ops::exposition::content_type, .body = shown.text()};
}

}  // namespace gateway

#include "reference-server/api/admin.hpp"

#include <utility>

namespace api {

void admin::serve(http::exchange asked) {
  const http::request& request = asked.request();
  if (request.method != http::method::get && request.method != http::method::head) {
    http::response answer = http::problem(405, "see Allow");
    answer.headers = "Allow: GET, HEAD\r\n";
    asked.answer(std::move(answer));
  } else if (request.path == "/healthz") {
    asked.answer({.body = R"({"status":"ok"})"});
  } else if (request.path == "/readyz") {
    asked.answer(readiness());
  } else if (request.path == "/metrics") {
    asked.answer(metrics());
  } else {
    asked.answer(http::problem(404, "there are /healthz, /readyz and /metrics"));
  }
}

http::response admin::readiness() const {
  const bool ready = writer_.up() && readers_.up();
  http::response answer;
  answer.status = ready ? 200 : 503;
  answer.body = std::string(R"({"postgres":")") + (ready ? "up" : "down") + R"(","redis":")" +
                (writer_.published().up() ? "up" : "down") + "\"}";
  return answer;
}

http::response admin::metrics() const {
  http::response answer;
  answer.content_type = "text/plain; version=0.0.4";
  const auto counter = [&answer](std::string_view name, std::uint64_t value) {
    answer.body.append("# TYPE ").append(name).append(" counter\n").append(name).append(" ");
    answer.body.append(std::to_string(value)).append("\n");
  };
  const writer::counters& written = writer_.counted();
  const publisher::counters& published = writer_.published().counted();
  counter("rollcall_api_batches_total", written.batches);
  counter("rollcall_api_messages_stored_total", written.stored);
  counter("rollcall_api_lock_timeouts_total", written.lock_timeouts);
  counter("rollcall_api_failed_batches_total", written.failed_batches);
  counter("rollcall_api_outcome_unknown_total", written.unknown);
  counter("rollcall_api_publishes_answered_total", published.answered);
  counter("rollcall_api_publishes_dropped_total", published.dropped);
  counter("rollcall_api_resyncs_total", published.resyncs);
  return answer;
}

}  // namespace api

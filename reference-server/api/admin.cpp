#include "reference-server/api/admin.hpp"

#include "reference-server/ops/exposition.hpp"

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
  ops::exposition shown;
  requests_.show(shown);
  shown.gauge("rollcall_api_connections", "Open HTTP connections", static_cast<double>(server_.connections()));
  shown.gauge("rollcall_api_postgres_up", "1 while the writer's connection to PostgreSQL is up", writer_.up() ? 1 : 0);
  shown.gauge("rollcall_api_posts_waiting", "Messages in the queue, the batch in flight not counted",
              static_cast<double>(writer_.waiting()));
  shown.gauge("rollcall_api_reads_waiting", "Listings, look-ups and creations without an answer from PostgreSQL",
              static_cast<double>(readers_.waiting()));
  const auto counter = [&shown](std::string_view name, std::string_view help, std::uint64_t value) {
    shown.counter("rollcall_api_" + std::string(name), help, static_cast<double>(value));
  };
  const writer::counters& written = writer_.counted();
  counter("batches_total", "Batches sent to PostgreSQL", written.batches);
  counter("commits_total", "Batches committed", written.commits);
  counter("messages_stored_total", "Messages committed", written.stored);
  counter("lock_waits_total", "Chats whose lock a batch waited for", written.lock_waits);
  counter("lock_timeouts_total", "Batches whose wait for locks ended without them", written.lock_timeouts);
  counter("failed_batches_total", "Batches rolled back by any other error", written.failed_batches);
  counter("outcome_unknown_total", "Messages whose batch got no answer (504)", written.unknown);
  shown.histogram("rollcall_api_batch_rows", "Messages in a batch", written.rows);
  shown.histogram("rollcall_api_commit_seconds", "From a batch sent to its commit answered", written.commit_seconds);
  shown.histogram("rollcall_api_publish_seconds", "From a commit answered to all its publishes answered or given up",
                  written.publish_seconds);
  const publisher& published = writer_.published();
  shown.gauge("rollcall_api_redis_up", "1 while the Redis link is up", published.up() ? 1 : 0);
  shown.gauge("rollcall_api_resyncs_owed", "Recipients owed a resync", static_cast<double>(published.owed()));
  counter("publishes_answered_total", "Publishes that Redis answered", published.counted().answered);
  counter("publishes_dropped_total", "Publishes without a link or an answer", published.counted().dropped);
  counter("resyncs_total", "Resyncs published", published.counted().resyncs);
  return {.content_type = ops::exposition::content_type, .body = shown.text()};
}

}  // namespace api

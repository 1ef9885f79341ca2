#include "reports/test/samples.hpp"

namespace reports::test {

record::requirement requirement(const std::string& id, record::requirement_verdict verdict) {
  record::requirement one;
  one.id = id;
  one.title = "title of " + id;
  one.text = "The sentence of " + id + ".";
  one.verdict = verdict;
  one.trials = {10, 0};
  one.likely_cause = "a cause";
  one.reproduce = "rollcall conform -t shop.yaml --only '" + id + "'";
  one.seconds = 0.25;
  return one;
}

namespace {

record::result named(const std::string& kind) {
  record::result out;
  out.kind = kind;
  out.verdict = record::run_verdict::passed;
  out.exit_code = 0;
  out.target = {"shop-chat", "4f2c1e9", "127.0.0.1:8080"};
  out.started = "2026-11-24T05:10:00Z";
  out.seconds = 38;
  out.seed = 7;
  out.versions = {"0.1.0", "1"};
  out.machine = {"Some CPU", 2, 3900, "Linux 6.1.0", 1024};
  out.command = "rollcall " + kind + " -t shop.yaml";
  return out;
}

}  // namespace

record::result conform_passed() {
  auto out = named("conform");
  out.suite = "gate";
  for (const auto* id : {"RT-01", "RT-02", "OFF-01"}) {
    out.requirements.push_back(requirement(id, record::requirement_verdict::pass));
  }
  out.ledger.counts = {{"sent", 120}, {"owed", 100}, {"delivered", 100}};
  return out;
}

record::result conform_with_every_verdict() {
  auto out = named("conform");
  out.suite = "gate";
  out.verdict = record::run_verdict::findings;
  out.exit_code = 1;
  for (int verdict = 0; verdict < 10; ++verdict) {
    auto one = requirement("RT-0" + std::to_string(verdict), static_cast<record::requirement_verdict>(verdict));
    if (verdict != 0) one.reason = "reason " + std::to_string(verdict);
    if (one.verdict == record::requirement_verdict::fail) {
      one.checks = {{"frames of the message", "1", "2", false}, {"status", "201", "201", true}};
      one.trials.failed = 3;
    }
    if (one.verdict == record::requirement_verdict::blocked) one.blocked_by = "RT-01";
    out.requirements.push_back(one);
  }
  out.ledger.findings = {finding("duplicated", 1)};
  return out;
}

record::result load_passed() {
  auto out = named("load");
  record::load_result load;
  load.plan = {2000, 1000, 0.7, 200, "poisson", 300, 2, 64, 90};
  load.generator = {60'000, 59'990, 10, {}, 10 / 60'000.0, 0.01, 3.2, 48, 50, 1.9, 2, 12, true, {}};
  load.coverage = {60'000, 54'012, 41, 5'947, 0, 54'012 / 54'053.0, 0.5, 100, true, {}};
  load.objectives = {{"lost = 0", "0", true, true}, {"delivery.p99 < 100ms", "71.2 ms", true, false}};
  const record::distribution ack{60'000, 12.5, 10, 30, 48, 90, 160.25, {{0, 1.5}, {50, 10}, {99, 48}, {100, 160.25}}};
  const record::distribution delivery{54'012, 20, 15, 40, 71.2, 99, 180, {{0, 2}, {50, 15}, {99, 71.2}, {100, 180}}};
  load.latencies = {{"ack", "from a send's intended start to the last byte of its answer", ack, ack},
                    {"delivery", "from a send's intended start to its frame", delivery, delivery}};
  load.timeline = {{0, 200, 200, 198, 0, 0, 180, 1400, record::interval_latency{10, 40, 60}, std::nullopt},
                   {1, 200, 200, 200, 0, 0, 181, 1401, std::nullopt, record::interval_latency{12, 50, 70}}};
  out.load = load;
  out.ledger.counts = {{"sent", 60'000}, {"owed", 54'012}, {"delivered", 54'012}};
  return out;
}

record::finding finding(const std::string& kind, int number) {
  const auto text = std::to_string(number);
  return {kind,
          "Message " + text + " of alice in chat 14 came to socket 0 of bob 2 times.",
          record::message_name{"14", "alice", static_cast<std::uint32_t>(number)},
          "bob",
          0,
          0.5,
          {1, 5, 9},
          "trace-1.jsonl"};
}

}  // namespace reports::test

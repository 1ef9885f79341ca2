#include "reports/html/page_data.hpp"

#include "reports/text/quantity.hpp"
#include "reports/text/sentence.hpp"
#include "reports/text/tally.hpp"
#include "reports/text/visible.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace reports {

namespace {

namespace json = boost::json;

json::object checks_of(const record::requirement& of) {
  json::array shown;
  std::size_t broken = 0;
  std::size_t others = 0;
  for (const auto& each : of.checks) {
    const bool fits = each.ok ? ++others <= other_checks_shown : ++broken <= broken_checks_shown;
    if (!fits) continue;
    shown.push_back(json::object{{"what", visible(each.what)},
                                 {"expected", visible(each.expected)},
                                 {"actual", visible(each.actual)},
                                 {"ok", each.ok}});
  }
  return {{"checks", std::move(shown)}, {"checks_in_all", of.checks.size()}, {"broken_in_all", broken}};
}

json::object shown(const record::requirement& of) {
  json::object out{{"id", visible(record::full_id(of))},
                   {"title", visible(of.title)},
                   {"text", visible(of.text)},
                   {"level", record::word(of.level)},
                   {"tier", record::word(of.tier)},
                   {"gate", visible(of.gate)},
                   {"verdict", record::word(of.verdict)},
                   {"reason", visible(of.reason)},
                   {"trials", {{"n", of.trials.n}, {"failed", of.trials.failed}}},
                   {"likely_cause", visible(of.likely_cause)},
                   {"reproduce", visible(of.reproduce)},
                   {"seconds", of.seconds},
                   {"blocked_by", visible(of.blocked_by)}};
  for (auto& [name, value] : checks_of(of)) out[name] = std::move(value);
  return out;
}

json::array findings_of(const record::result& of) {
  json::array classes;
  for (const auto& [kind, number] : findings_by_kind(of)) {
    json::array first;
    for (const auto& each : of.ledger.findings) {
      if (each.kind != kind || first.size() == findings_shown) continue;
      json::array proof;
      for (std::size_t at = 0; at < std::min(each.proof.size(), proofs_shown); ++at) proof.push_back(each.proof[at]);
      first.push_back(json::object{
          {"sentence", visible(each.sentence)}, {"trace", visible(each.trace)}, {"proof", std::move(proof)}});
    }
    classes.push_back(json::object{{"kind", visible(kind)}, {"count", number}, {"shown", std::move(first)}});
  }
  return classes;
}

json::object counts_of(const record::result& of) {
  json::object counts;
  for (const auto& [name, number] : of.ledger.counts) counts[visible(name)] = number;
  return counts;
}

json::object shown(const record::distribution& of) {
  json::array curve;
  for (const auto& point : of.curve) curve.push_back(json::array{point.percentile, point.value_ms});
  return {{"count", of.count},   {"mean_ms", of.mean_ms}, {"p50_ms", of.p50_ms}, {"p90_ms", of.p90_ms},
          {"p99_ms", of.p99_ms}, {"p999_ms", of.p999_ms}, {"max_ms", of.max_ms}, {"curve", std::move(curve)}};
}

json::value shown(const std::optional<record::interval_latency>& of) {
  if (!of) return nullptr;
  return json::object{{"p50_ms", of->p50_ms}, {"p99_ms", of->p99_ms}, {"max_ms", of->max_ms}};
}

json::object shown(const record::generator_audit& of) {
  json::object not_sent;
  for (const auto& [reason, number] : of.not_sent) not_sent[visible(reason)] = number;
  return {{"intended", of.intended},
          {"on_time", of.on_time},
          {"late", of.late},
          {"not_sent", std::move(not_sent)},
          {"late_share", of.late_share},
          {"late_share_limit", of.late_share_limit},
          {"lag_p99_ms", of.lag_p99_ms},
          {"lag_max_ms", of.lag_max_ms},
          {"lag_limit_ms", of.lag_limit_ms},
          {"cores_busy", of.cores_busy},
          {"cores", of.cores},
          {"waited_for_connection", of.waited_for_connection},
          {"kept_up", of.kept_up}};
}

json::array timeline_of(const record::load_result& of) {
  json::array timeline;
  for (const auto& each : of.timeline) {
    timeline.push_back(json::object{{"at", each.at},
                                    {"intended", each.intended},
                                    {"sent", each.sent},
                                    {"acknowledged", each.acknowledged},
                                    {"refused", each.refused},
                                    {"unknown", each.unknown},
                                    {"delivered", each.delivered},
                                    {"online", each.online},
                                    {"ack", shown(each.ack)},
                                    {"delivery", shown(each.delivery)}});
  }
  return timeline;
}

json::value shown(const std::optional<record::load_result>& of) {
  if (!of) return nullptr;
  json::array objectives;
  for (const auto& each : of->objectives) {
    objectives.push_back(json::object{
        {"text", visible(each.text)}, {"actual", visible(each.actual)}, {"ok", each.ok}, {"standing", each.standing}});
  }
  json::array latencies;
  for (const auto& each : of->latencies) {
    latencies.push_back(json::object{{"name", visible(each.name)},
                                     {"meaning", visible(each.meaning)},
                                     {"from_intended", shown(each.from_intended)},
                                     {"from_actual_start", shown(each.from_actual_start)}});
  }
  return json::object{{"plan",
                       {{"users", of->plan.users},
                        {"online", of->plan.online},
                        {"rate", of->plan.rate},
                        {"seconds", of->plan.seconds},
                        {"session_seconds", of->plan.session_seconds},
                        {"workers", of->plan.workers},
                        {"cells", of->plan.cells}}},
                      {"generator", shown(of->generator)},
                      {"coverage",
                       {{"sent", of->coverage.sent},
                        {"owed", of->coverage.owed},
                        {"uncertain", of->coverage.uncertain},
                        {"offline", of->coverage.offline},
                        {"coming_or_going", of->coverage.coming_or_going},
                        {"enough", of->coverage.enough},
                        {"problem", visible(of->coverage.problem)}}},
                      {"objectives", std::move(objectives)},
                      {"latencies", std::move(latencies)},
                      {"interval_seconds", of->interval_seconds},
                      {"timeline", timeline_of(*of)}};
}

json::object shown(const run& of) {
  const auto& result = of.result;
  json::array requirements;
  for (const auto& each : result.requirements) requirements.push_back(shown(each));
  return {
      {"folder", visible(of.folder)},
      {"headline", headline(result.verdict)},
      {"verdict", record::word(result.verdict)},
      {"kind", visible(kind(result))},
      {"target", visible(title(result.target))},
      {"sentence", visible(sentence(result))},
      {"generator", result.load ? visible(generator_sentence(*result.load)) : ""},
      {"plan", result.load ? visible(plan_phrase(result.load->plan)) : ""},
      {"started", visible(result.started)},
      {"took", time_span(result.seconds)},
      {"seed", std::to_string(result.seed)},
      {"command", visible(result.command)},
      {"versions", {{"rollcall", visible(result.versions.rollcall)}, {"contract", visible(result.versions.contract)}}},
      {"machine",
       {{"cpu", visible(result.machine.cpu)},
        {"cores", result.machine.cores},
        {"memory_mib", result.machine.memory_mib},
        {"kernel", visible(result.machine.kernel)},
        {"open_files", result.machine.open_files}}},
      {"requirements", std::move(requirements)},
      {"counts", counts_of(result)},
      {"findings", findings_of(result)},
      {"load", shown(result.load)}};
}

}  // namespace

boost::json::value page_data(std::span<const run> runs) {
  json::array all;
  for (const auto& each : runs) all.push_back(shown(each));
  return json::object{{"runs", std::move(all)}};
}

}  // namespace reports

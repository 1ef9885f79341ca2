#include "harness/record/load_json.hpp"

#include "harness/record/json_members.hpp"

namespace record {
namespace {

namespace json = boost::json;

json::object write(const load_plan& value) {
  return {{"users", value.users},     {"chats", value.chats},       {"online", value.online},
          {"rate", value.rate},       {"arrivals", value.arrivals}, {"seconds", value.seconds},
          {"workers", value.workers}, {"cells", value.cells},       {"session_seconds", value.session_seconds}};
}

json::object write(const generator_audit& value) {
  json::object not_sent;
  for (const auto& [reason, sends] : value.not_sent) {
    not_sent[reason] = sends;
  }
  return {{"intended", value.intended},
          {"on_time", value.on_time},
          {"late", value.late},
          {"not_sent", std::move(not_sent)},
          {"late_share", value.late_share},
          {"late_share_limit", value.late_share_limit},
          {"lag_p99_ms", value.lag_p99_ms},
          {"lag_max_ms", value.lag_max_ms},
          {"lag_limit_ms", value.lag_limit_ms},
          {"cores_busy", value.cores_busy},
          {"cores", value.cores},
          {"waited_for_connection", value.waited_for_connection},
          {"kept_up", value.kept_up},
          {"problem", value.problem}};
}

json::object write(const coverage& value) {
  return {{"sent", value.sent},
          {"owed", value.owed},
          {"uncertain", value.uncertain},
          {"offline", value.offline},
          {"coming_or_going", value.coming_or_going},
          {"owed_share", value.owed_share},
          {"owed_share_limit", value.owed_share_limit},
          {"owed_limit", value.owed_limit},
          {"enough", value.enough},
          {"problem", value.problem}};
}

json::object write(const objective& value) {
  return {{"text", value.text}, {"actual", value.actual}, {"ok", value.ok}, {"standing", value.standing}};
}

// A point of the curve is [percentile, milliseconds].
json::object write(const distribution& value) {
  json::array curve;
  for (const auto& point : value.curve) {
    curve.push_back(json::array{point.percentile, point.value_ms});
  }
  return {{"count", value.count},   {"mean_ms", value.mean_ms}, {"p50_ms", value.p50_ms}, {"p90_ms", value.p90_ms},
          {"p99_ms", value.p99_ms}, {"p999_ms", value.p999_ms}, {"max_ms", value.max_ms}, {"curve", std::move(curve)}};
}

json::object write(const latency& value) {
  return {{"name", value.name},
          {"meaning", value.meaning},
          {"from_intended", write(value.from_intended)},
          {"from_actual_start", write(value.from_actual_start)}};
}

json::value write(const std::optional<interval_latency>& value) {
  if (!value) {
    return nullptr;
  }
  return {{"p50_ms", value->p50_ms}, {"p99_ms", value->p99_ms}, {"max_ms", value->max_ms}};
}

json::object write(const interval& value) {
  return {{"at", value.at},
          {"intended", value.intended},
          {"sent", value.sent},
          {"acknowledged", value.acknowledged},
          {"refused", value.refused},
          {"unknown", value.unknown},
          {"delivered", value.delivered},
          {"online", value.online},
          {"ack", write(value.ack)},
          {"delivery", write(value.delivery)}};
}

template <typename Item>
json::array write_all(const std::vector<Item>& items) {
  json::array out;
  for (const auto& one : items) {
    out.push_back(write(one));
  }
  return out;
}

load_plan read_plan(const json::value& in) {
  load_plan out;
  out.users = number<std::uint64_t>(in, "users");
  out.chats = number<std::uint64_t>(in, "chats");
  out.online = number<double>(in, "online");
  out.rate = number<double>(in, "rate");
  out.arrivals = text(in, "arrivals");
  out.seconds = number<double>(in, "seconds");
  out.workers = number<std::uint32_t>(in, "workers");
  out.cells = number<std::uint32_t>(in, "cells");
  out.session_seconds = number<double>(in, "session_seconds");
  return out;
}

generator_audit read_generator(const json::value& in) {
  generator_audit out;
  out.intended = number<std::uint64_t>(in, "intended");
  out.on_time = number<std::uint64_t>(in, "on_time");
  out.late = number<std::uint64_t>(in, "late");
  for (const auto& [reason, sends] : in.at("not_sent").as_object()) {
    out.not_sent.emplace_back(reason, sends.to_number<std::uint64_t>());
  }
  out.late_share = number<double>(in, "late_share");
  out.late_share_limit = number<double>(in, "late_share_limit");
  out.lag_p99_ms = number<double>(in, "lag_p99_ms");
  out.lag_max_ms = number<double>(in, "lag_max_ms");
  out.lag_limit_ms = number<double>(in, "lag_limit_ms");
  out.cores_busy = number<double>(in, "cores_busy");
  out.cores = number<std::uint32_t>(in, "cores");
  out.waited_for_connection = number<std::uint64_t>(in, "waited_for_connection");
  out.kept_up = in.at("kept_up").as_bool();
  out.problem = text(in, "problem");
  return out;
}

coverage read_coverage(const json::value& in) {
  coverage out;
  out.sent = number<std::uint64_t>(in, "sent");
  out.owed = number<std::uint64_t>(in, "owed");
  out.uncertain = number<std::uint64_t>(in, "uncertain");
  out.offline = number<std::uint64_t>(in, "offline");
  if (in.as_object().contains("coming_or_going")) {  // older documents have none
    out.coming_or_going = number<std::uint64_t>(in, "coming_or_going");
  }
  out.owed_share = number<double>(in, "owed_share");
  out.owed_share_limit = number<double>(in, "owed_share_limit");
  out.owed_limit = number<std::uint64_t>(in, "owed_limit");
  out.enough = in.at("enough").as_bool();
  out.problem = text(in, "problem");
  return out;
}

distribution read_distribution(const json::value& in) {
  distribution out;
  out.count = number<std::uint64_t>(in, "count");
  out.mean_ms = number<double>(in, "mean_ms");
  out.p50_ms = number<double>(in, "p50_ms");
  out.p90_ms = number<double>(in, "p90_ms");
  out.p99_ms = number<double>(in, "p99_ms");
  out.p999_ms = number<double>(in, "p999_ms");
  out.max_ms = number<double>(in, "max_ms");
  for (const auto& point : in.at("curve").as_array()) {
    out.curve.push_back({point.at(0).to_number<double>(), point.at(1).to_number<double>()});
  }
  return out;
}

std::optional<interval_latency> read_interval_latency(const json::value& in) {
  if (in.is_null()) {
    return std::nullopt;
  }
  return interval_latency{number<double>(in, "p50_ms"), number<double>(in, "p99_ms"), number<double>(in, "max_ms")};
}

interval read_interval(const json::value& in) {
  interval out;
  out.at = number<double>(in, "at");
  out.intended = number<std::uint64_t>(in, "intended");
  out.sent = number<std::uint64_t>(in, "sent");
  out.acknowledged = number<std::uint64_t>(in, "acknowledged");
  out.refused = number<std::uint64_t>(in, "refused");
  out.unknown = number<std::uint64_t>(in, "unknown");
  out.delivered = number<std::uint64_t>(in, "delivered");
  out.online = number<std::uint64_t>(in, "online");
  out.ack = read_interval_latency(in.at("ack"));
  out.delivery = read_interval_latency(in.at("delivery"));
  return out;
}

}  // namespace

json::object write(const load_result& value) {
  return {{"plan", write(value.plan)},
          {"cut_short", value.cut_short},
          {"generator", write(value.generator)},
          {"coverage", write(value.coverage)},
          {"objectives", write_all(value.objectives)},
          {"latencies", write_all(value.latencies)},
          {"interval_seconds", value.interval_seconds},
          {"timeline", write_all(value.timeline)}};
}

load_result read_load(const json::value& in) {
  load_result out;
  out.plan = read_plan(in.at("plan"));
  out.generator = read_generator(in.at("generator"));
  out.coverage = read_coverage(in.at("coverage"));
  for (const auto& one : in.at("objectives").as_array()) {
    out.objectives.push_back(
        {text(one, "text"), text(one, "actual"), one.at("ok").as_bool(), one.at("standing").as_bool()});
  }
  for (const auto& one : in.at("latencies").as_array()) {
    out.latencies.push_back({text(one, "name"), text(one, "meaning"), read_distribution(one.at("from_intended")),
                             read_distribution(one.at("from_actual_start"))});
  }
  out.cut_short = text(in, "cut_short");
  out.interval_seconds = number<double>(in, "interval_seconds");
  for (const auto& one : in.at("timeline").as_array()) {
    out.timeline.push_back(read_interval(one));
  }
  return out;
}

}  // namespace record

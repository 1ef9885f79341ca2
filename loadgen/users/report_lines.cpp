#include "loadgen/users/report_lines.hpp"

#include "harness/record/histogram_code.hpp"
#include "harness/record/ledger_summary.hpp"

#include <boost/json.hpp>

#include <stdexcept>

namespace loadgen {

namespace json = boost::json;

namespace {

json::value write(const record::histogram& value) {
  if (value.empty()) return nullptr;
  return json::value(record::encode_text(value));
}

record::histogram read_histogram(const json::value& in) {
  if (in.is_null()) return {};
  auto read = record::decode_text(in.as_string());
  if (!read.value) throw std::runtime_error("a histogram in a worker's report: " + read.problem);
  return std::move(*read.value);
}

json::object write(const latency_pair& value) {
  return {{"intended", write(value.intended)}, {"actual", write(value.actual)}};
}

latency_pair read_pair(const json::value& in) {
  return {read_histogram(in.at("intended")), read_histogram(in.at("actual"))};
}

json::object write(const interval_report& value) {
  return {{"number", value.number},       {"intended", value.intended},
          {"sent", value.sent},           {"acknowledged", value.acknowledged},
          {"refused", value.refused},     {"unknown", value.unknown},
          {"delivered", value.delivered}, {"late", value.late},
          {"online", value.online},       {"findings", value.findings},
          {"ack", write(value.ack)},      {"delivery", write(value.delivery)},
          {"lag", write(value.lag)}};
}

interval_report read_interval(const json::value& in) {
  const auto count = [&](const char* name) { return in.at(name).to_number<std::uint64_t>(); };
  return {.number = count("number"),
          .intended = count("intended"),
          .sent = count("sent"),
          .acknowledged = count("acknowledged"),
          .refused = count("refused"),
          .unknown = count("unknown"),
          .delivered = count("delivered"),
          .late = count("late"),
          .online = count("online"),
          .findings = count("findings"),
          .ack = read_histogram(in.at("ack")),
          .delivery = read_histogram(in.at("delivery")),
          .lag = read_histogram(in.at("lag"))};
}

json::object write(const record::finding& value) {
  json::object out{{"kind", value.kind},
                   {"sentence", value.sentence},
                   {"user", value.user},
                   {"at", value.at},
                   {"trace", value.trace}};
  if (value.message) {
    out["chat"] = value.message->chat;
    out["sender"] = value.message->sender;
    out["sequence"] = value.message->sequence;
  }
  if (value.socket) out["socket"] = *value.socket;
  return out;
}

record::finding read_finding(const json::value& in) {
  record::finding out;
  out.kind = in.at("kind").as_string();
  out.sentence = in.at("sentence").as_string();
  out.user = in.at("user").as_string();
  out.at = in.at("at").to_number<double>();
  out.trace = in.at("trace").as_string();
  if (in.as_object().contains("chat")) {
    out.message = {std::string(in.at("chat").as_string()), std::string(in.at("sender").as_string()),
                   in.at("sequence").to_number<std::uint32_t>()};
  }
  if (in.as_object().contains("socket")) out.socket = in.at("socket").to_number<std::uint32_t>();
  return out;
}

json::object write_counts(const auto& counts) {
  json::object out;
  for (const auto& [name, count] : counts) out[name] = count;
  return out;
}

json::object write(const final_report& value) {
  json::array findings;
  for (const auto& each : value.ledger.findings) findings.push_back(write(each));
  return {{"intended", value.intended},
          {"on_time", value.on_time},
          {"late", value.late},
          {"not_sent", write_counts(value.not_sent)},
          {"waited_for_connection", value.waited_for_connection},
          {"offline", value.offline},
          {"coming_or_going", value.coming_or_going},
          {"ack", write(value.ack)},
          {"delivery", write(value.delivery)},
          {"ready", write(value.ready)},
          {"lag", write(value.lag)},
          {"counts", write_counts(value.ledger.counts)},
          {"classes", write_counts(value.classes)},
          {"findings", std::move(findings)},
          {"cut_short", value.cut_short}};
}

final_report read_final(const json::value& in) {
  final_report out;
  const auto count = [&](const char* name) { return in.at(name).to_number<std::uint64_t>(); };
  out.intended = count("intended");
  out.on_time = count("on_time");
  out.late = count("late");
  for (const auto& each : in.at("not_sent").as_object())
    out.not_sent[each.key()] = each.value().to_number<std::uint64_t>();
  out.waited_for_connection = count("waited_for_connection");
  out.offline = count("offline");
  out.coming_or_going = count("coming_or_going");
  out.ack = read_pair(in.at("ack"));
  out.delivery = read_pair(in.at("delivery"));
  out.ready = read_pair(in.at("ready"));
  out.lag = read_histogram(in.at("lag"));
  for (const auto& each : in.at("counts").as_object()) {
    out.ledger.counts.emplace_back(each.key(), each.value().to_number<std::uint64_t>());
  }
  for (const auto& each : in.at("classes").as_object())
    out.classes[each.key()] = each.value().to_number<std::uint64_t>();
  for (const auto& each : in.at("findings").as_array()) out.ledger.findings.push_back(read_finding(each));
  out.cut_short = in.at("cut_short").as_string();
  return out;
}

void add(latency_pair& sum, const latency_pair& more) {
  sum.intended.add(more.intended);
  sum.actual.add(more.actual);
}

struct writer {
  json::object operator()(const phase_report& value) const {
    return {{"phase", value.phase}, {"done", value.done}, {"of", value.of}};
  }
  json::object operator()(const ready_report& value) const { return {{"ready", value.online}}; }
  json::object operator()(const failed_report& value) const { return {{"failed", value.reason}}; }
  json::object operator()(const interval_report& value) const { return {{"interval", write(value)}}; }
  json::object operator()(const final_report& value) const { return {{"final", write(value)}}; }
};

}  // namespace

void interval_report::add(const interval_report& other) {
  intended += other.intended;
  sent += other.sent;
  acknowledged += other.acknowledged;
  refused += other.refused;
  unknown += other.unknown;
  delivered += other.delivered;
  late += other.late;
  online += other.online;
  findings += other.findings;
  ack.add(other.ack);
  delivery.add(other.delivery);
  lag.add(other.lag);
}

void final_report::add(const final_report& other) {
  intended += other.intended;
  on_time += other.on_time;
  late += other.late;
  for (const auto& [reason, count] : other.not_sent) not_sent[reason] += count;
  waited_for_connection += other.waited_for_connection;
  offline += other.offline;
  coming_or_going += other.coming_or_going;
  loadgen::add(ack, other.ack);
  loadgen::add(delivery, other.delivery);
  loadgen::add(ready, other.ready);
  lag.add(other.lag);
  record::add(ledger, other.ledger);
  for (const auto& [name, count] : other.classes) classes[name] += count;
  if (cut_short.empty()) cut_short = other.cut_short;
}

std::string to_line(const report& value) {
  return json::serialize(std::visit(writer{}, value)) + "\n";
}

report read_line(std::string_view line) {
  const json::value in = json::parse(line);
  const json::object& members = in.as_object();
  if (const auto* interval = members.if_contains("interval")) return read_interval(*interval);
  if (const auto* final = members.if_contains("final")) return read_final(*final);
  if (const auto* ready = members.if_contains("ready")) return ready_report{ready->to_number<std::uint64_t>()};
  if (const auto* failed = members.if_contains("failed")) return failed_report{std::string(failed->as_string())};
  return phase_report{std::string(in.at("phase").as_string()), in.at("done").to_number<std::uint64_t>(),
                      in.at("of").to_number<std::uint64_t>()};
}

}  // namespace loadgen

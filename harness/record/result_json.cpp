// The result as JSON and back. The schema is checked before anything is read, so the reading itself can be plain.
#include "harness/record/json_members.hpp"
#include "harness/record/json_text.hpp"
#include "harness/record/load_json.hpp"
#include "harness/record/result.hpp"
#include "harness/record/schema_check.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>

namespace record {
namespace {

namespace json = boost::json;

json::object write(const target& value) {
  return {{"name", value.name}, {"version", value.version}, {"address", value.address}};
}

json::object write(const versions& value) {
  return {{"rollcall", value.rollcall}, {"contract", value.contract}};
}

json::object write(const machine& value) {
  return {{"cpu", value.cpu},
          {"cores", value.cores},
          {"memory_mib", value.memory_mib},
          {"kernel", value.kernel},
          {"open_files", value.open_files}};
}

json::object write(const check& value) {
  return {{"what", value.what}, {"expected", value.expected}, {"actual", value.actual}, {"ok", value.ok}};
}

json::object write(const requirement& value) {
  json::array checks;
  for (const auto& one : value.checks) {
    checks.push_back(write(one));
  }
  return {{"id", value.id},
          {"variant", value.variant},
          {"title", value.title},
          {"text", value.text},
          {"level", word(value.level)},
          {"tier", word(value.tier)},
          {"impact", word(value.impact)},
          {"gate", value.gate},
          {"verdict", word(value.verdict)},
          {"reason", value.reason},
          {"trials", {{"n", value.trials.n}, {"failed", value.trials.failed}}},
          {"checks", std::move(checks)},
          {"likely_cause", value.likely_cause},
          {"reproduce", value.reproduce},
          {"seconds", value.seconds},
          {"blocked_by", value.blocked_by}};
}

json::object write(const finding& value) {
  json::value message;
  if (value.message) {
    message = {{"chat", value.message->chat}, {"sender", value.message->sender}, {"sequence", value.message->sequence}};
  }
  json::value socket;
  if (value.socket) {
    socket = *value.socket;
  }
  json::array proof;
  for (const auto place : value.proof) {
    proof.push_back(place);
  }
  return {{"kind", value.kind},        {"sentence", value.sentence},  {"message", std::move(message)},
          {"user", value.user},        {"socket", std::move(socket)}, {"at", value.at},
          {"proof", std::move(proof)}, {"trace", value.trace}};
}

json::object write(const ledger_summary& value) {
  json::object counts;
  for (const auto& [name, number] : value.counts) {
    counts[name] = number;
  }
  json::array findings;
  for (const auto& one : value.findings) {
    findings.push_back(write(one));
  }
  return {{"counts", std::move(counts)}, {"findings", std::move(findings)}};
}

json::array write(const std::vector<declared_exception>& value) {
  json::array out;
  for (const auto& one : value) {
    out.push_back(json::object{{"declared", one.declared}, {"reason", one.reason}, {"counted_as", one.counted_as}});
  }
  return out;
}

// The schema has made sure that one of the words fits.
template <typename Enum>
Enum worded(const json::value& in, std::string_view key) {
  const auto wanted = text(in, key);
  for (int i = 0;; ++i) {
    if (word(static_cast<Enum>(i)) == wanted) {
      return static_cast<Enum>(i);
    }
  }
}

requirement read_requirement(const json::value& in) {
  requirement out;
  out.id = text(in, "id");
  out.variant = text(in, "variant");
  out.title = text(in, "title");
  out.text = text(in, "text");
  out.level = worded<level>(in, "level");
  out.tier = worded<tier>(in, "tier");
  out.impact = worded<impact>(in, "impact");
  out.gate = text(in, "gate");
  out.verdict = worded<requirement_verdict>(in, "verdict");
  out.reason = text(in, "reason");
  out.trials = {number<std::uint64_t>(in.at("trials"), "n"), number<std::uint64_t>(in.at("trials"), "failed")};
  for (const auto& one : in.at("checks").as_array()) {
    out.checks.push_back({text(one, "what"), text(one, "expected"), text(one, "actual"), one.at("ok").as_bool()});
  }
  out.likely_cause = text(in, "likely_cause");
  out.reproduce = text(in, "reproduce");
  out.seconds = number<double>(in, "seconds");
  out.blocked_by = text(in, "blocked_by");
  return out;
}

finding read_finding(const json::value& in) {
  finding out;
  out.kind = text(in, "kind");
  out.sentence = text(in, "sentence");
  if (const auto& message = in.at("message"); !message.is_null()) {
    out.message = {text(message, "chat"), text(message, "sender"), number<std::uint32_t>(message, "sequence")};
  }
  out.user = text(in, "user");
  if (!in.at("socket").is_null()) {
    out.socket = number<std::uint32_t>(in, "socket");
  }
  out.at = number<double>(in, "at");
  for (const auto& place : in.at("proof").as_array()) {
    out.proof.push_back(place.to_number<std::uint64_t>());
  }
  out.trace = text(in, "trace");
  return out;
}

result read(const json::value& in) {
  result out;
  out.kind = text(in, "kind");
  out.suite = text(in, "suite");
  out.verdict = worded<run_verdict>(in, "verdict");
  out.exit_code = number<int>(in, "exit_code");
  const auto& of = in.at("target");
  out.target = {text(of, "name"), text(of, "version"), text(of, "address")};
  out.started = text(in, "started");
  out.seconds = number<double>(in, "seconds");
  out.seed = number<std::uint64_t>(in, "seed");
  out.versions = {text(in.at("versions"), "rollcall"), text(in.at("versions"), "contract")};
  const auto& on = in.at("machine");
  out.machine = {text(on, "cpu"), number<std::uint32_t>(on, "cores"), number<std::uint64_t>(on, "memory_mib"),
                 text(on, "kernel"), number<std::uint64_t>(on, "open_files")};
  out.command = text(in, "command");
  for (const auto& one : in.at("requirements").as_array()) {
    out.requirements.push_back(read_requirement(one));
  }
  for (const auto& [name, number] : in.at("ledger").at("counts").as_object()) {
    out.ledger.counts.emplace_back(name, number.to_number<std::uint64_t>());
  }
  for (const auto& one : in.at("ledger").at("findings").as_array()) {
    out.ledger.findings.push_back(read_finding(one));
  }
  if (const auto* const exceptions = in.as_object().if_contains("exceptions")) {
    for (const auto& one : exceptions->as_array()) {
      out.exceptions.push_back({text(one, "declared"), text(one, "reason"), text(one, "counted_as")});
    }
  }
  if (const auto* const load = in.as_object().if_contains("load")) {
    out.load = read_load(*load);
  }
  return out;
}

}  // namespace

std::string to_json(const result& value) {
  json::array requirements;
  for (const auto& one : value.requirements) {
    requirements.push_back(write(one));
  }
  json::object out = {{"schema", result_schema},
                      {"kind", value.kind},
                      {"suite", value.suite},
                      {"verdict", word(value.verdict)},
                      {"exit_code", value.exit_code},
                      {"target", write(value.target)},
                      {"started", value.started},
                      {"seconds", value.seconds},
                      {"seed", value.seed},
                      {"versions", write(value.versions)},
                      {"machine", write(value.machine)},
                      {"command", value.command},
                      {"requirements", std::move(requirements)},
                      {"ledger", write(value.ledger)}};
  if (!value.exceptions.empty()) {
    out["exceptions"] = write(value.exceptions);
  }
  if (value.load) {
    out["load"] = write(*value.load);
  }
  return pretty(out);
}

read_result from_json(std::string_view given) {
  boost::system::error_code broken;
  const auto document = json::parse(json::string_view(given.data(), given.size()), broken);
  if (broken) {
    return {std::nullopt, "not JSON: " + broken.message()};
  }
  const auto rules = result_schema_text();
  if (auto wrong = violation(document, json::parse(json::string_view(rules.data(), rules.size())))) {
    return {std::nullopt, std::move(*wrong)};
  }
  try {
    return {read(document), {}};
  } catch (const std::exception& failed) {  // a number that is valid JSON and too large for its place
    return {std::nullopt, std::string("a number is out of range: ") + failed.what()};
  }
}

}  // namespace record

#include "loadgen/users/ledger_report.hpp"

#include "harness/record/ledger_summary.hpp"
#include "harness/record/trace_file.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <span>
#include <stdexcept>

namespace loadgen {

namespace {

namespace json = boost::json;

class names {
 public:
  explicit names(const crowd& in) : in_(in) {}

  std::string user(ledger::user_id id) const {
    return fmt::format("rc-{}-{}", in_.run, static_cast<std::uint32_t>(id));
  }

  // The target's own id of a chat of ours; a number for one that a strange tag mentions.
  std::string chat(ledger::chat_id id) const {
    const auto number = static_cast<std::uint32_t>(id);
    if (number < in_.first_chat || number - in_.first_chat >= in_.chats.size()) return fmt::format("#{}", number);
    return in_.chats[number - in_.first_chat].id;
  }

  record::message_name message(const ledger::message_key& key) const {
    return {chat(key.chat), user(key.sender), key.sequence};
  }

  // The head of its body's tag, up to the sequence: how a message is found in the target's own logs.
  std::string tag(const ledger::message_key& key) const {
    const std::string whole = ledger::write_tag({.run = in_.run,
                                                 .chat = static_cast<std::uint32_t>(key.chat),
                                                 .sender = static_cast<std::uint32_t>(key.sender),
                                                 .sequence = key.sequence},
                                                "");
    return whole.substr(0, whole.rfind('-', whole.rfind('-') - 1));
  }

  json::object as_json(const ledger::message_key& key) const {
    const auto name = message(key);
    return {{"chat", name.chat}, {"sender", name.sender}, {"sequence", name.sequence}, {"tag", tag(key)}};
  }

 private:
  const crowd& in_;
};

record::finding named(const ledger::live_finding& of, const names& names, std::chrono::nanoseconds load_began) {
  record::finding out;
  out.kind = name(of.kind);
  out.sentence = sentence(of);
  out.message = names.message(of.message);
  if (of.user) out.user = names.user(*of.user);
  out.socket = of.socket;
  out.at = std::chrono::duration<double>(of.at - load_began).count();
  return out;
}

// The events around a finding, as a trace that can be judged again; its name within the folder, empty when none are
// left.
std::string write_trace(const ledger::live_ledger& of, const ledger::live_finding& finding, std::size_t number,
                        const names& names, const ledger::rules& declared, const worker_plan& plan) {
  const auto trace = of.trace_of(
      finding, [&](ledger::user_id id) { return names.user(id); }, [&](ledger::chat_id id) { return names.chat(id); });
  if (!trace) return {};
  std::string kind(name(finding.kind));
  std::ranges::replace(kind, ' ', '-');
  const std::string file = fmt::format("traces/{}-{}-{}.jsonl", kind, plan.number, number);
  std::filesystem::create_directories(plan.folder + "/traces");
  std::ofstream out(plan.folder + "/" + file);
  record::trace_writer writer(out, *trace, plan.shape.seed, declared);
  writer.write(*trace);
  writer.finish(*trace);
  if (!out.flush()) throw std::runtime_error(file + " cannot be written");
  return file;
}

std::ofstream open(const worker_plan& plan, const char* kind) {
  const std::string path = fmt::format("{}/{}-{}.jsonl", plan.folder, kind, plan.number);
  std::ofstream out(path);
  if (!out) throw std::runtime_error(path + " cannot be written");
  return out;
}

void write_questions(std::ofstream& out, std::span<const ledger::live_question> of, const char* what,
                     const names& names) {
  for (const auto& each : of) {
    json::object line{{"what", what}};
    for (const auto& member : names.as_json(each.message)) line[member.key()] = member.value();
    line["socket"] = each.socket;
    out << json::serialize(line) << '\n';
  }
}

}  // namespace

std::uint64_t ledger_findings(const ledger::live_ledger& of) {
  const auto& counts = of.counts().findings;
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void report_ledger(const ledger::live_ledger& of, const ledger::rules& declared, const crowd& in,
                   const worker_plan& plan, final_report& out) {
  const names names(in);
  const auto& counts = of.counts();
  out.offline = counts.offline;
  out.coming_or_going = counts.coming_or_going;
  out.ledger.counts = record::named_counts(counts.totals);
  out.ledger.counts.emplace_back("reads", in.reads);
  out.ledger.counts.emplace_back("reads_failed", in.reads_failed);
  for (std::size_t kind = 0; kind < ledger::finding_classes; ++kind) {
    const auto value = static_cast<ledger::finding_class>(kind);
    out.classes[std::string(ledger::name(value))] = counts.of(value);
  }

  auto findings = open(plan, "findings");
  std::array<std::size_t, ledger::finding_classes> shown{};
  for (const auto& each : of.findings()) {
    record::finding finding = named(each, names, in.since_origin(in.begin));
    json::object line{{"kind", finding.kind}, {"at", finding.at}, {"user", finding.user}};
    for (const auto& member : names.as_json(each.message)) line[member.key()] = member.value();
    if (finding.socket) line["socket"] = *finding.socket;
    findings << json::serialize(line) << '\n';
    const auto number = ++shown[static_cast<std::size_t>(each.kind)];
    if (number > shown_findings) continue;
    finding.trace = write_trace(of, each, number, names, declared, plan);
    out.ledger.findings.push_back(std::move(finding));
  }
  auto open_questions = open(plan, "open");
  write_questions(open_questions, of.uncertain(), "uncertain", names);
  write_questions(open_questions, of.announced(), "announced", names);
  write_questions(open_questions, of.missed_in_warm_up(), "missed in warm-up", names);
  if (!findings.flush() || !open_questions.flush()) throw std::runtime_error(plan.folder + ": disk full?");
}

}  // namespace loadgen

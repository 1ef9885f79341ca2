#include "harness/client/doctor/visit.hpp"

#include "harness/client/http/witness.hpp"
#include "harness/client/target/secret_name.hpp"
#include "harness/client/transport/network.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client::doctor {

namespace {

// What the file holds in clear below a key that speaks of a secret; what is made of variables is known by their values.
void add_literals(const tree& node, mask& onto) {
  for (const tree& each : node.items) add_literals(each, onto);
  for (const tree::entry& each : node.entries) {
    const bool literal = each.value.kind == tree::kind::scalar && !each.value.text.starts_with('/') &&
                         each.value.text.find("${") == std::string::npos;
    const bool a_name = each.key == "cookie";  // of the cookie that is captured
    if (literal && !a_name && names_a_secret(each.key)) onto.add(each.value.text);
    add_literals(each.value, onto);
  }
}

}  // namespace

bool ear::got(std::string_view id) const {
  return std::ranges::any_of(messages, [&](const message& each) { return each.id == id; });
}

visit::visit(const client::target& of, const options& options)
    : target(std::make_shared<const client::target>(of)), asked(options) {
  transport::use(io, options.connections);
  http::witness::of(io).listen([this](std::string_view request, const http::exchange& came) {
    last_asked_ = request.substr(0, request.find(" HTTP/"));
    if (asked.transcript) wire.add(request, came);
  });
}

mask visit::secrets() const {
  mask out;
  for (const std::string& each : target->secrets) out.add(each);
  out.add(target->login.secret);
  if (target->source) add_literals(*target->source, out);
  for (const auto& [name, value] : target->login.headers) out.add_header(name);
  for (const auto& each : users) {
    for (const std::string& secret : each->secrets()) out.add(secret);
  }
  return out;
}

void visit::begin(std::string_view name, std::string_view key) {
  step = {};
  step.name = name;
  step.key = key;
  wire.clear();
}

void visit::fail(failure& broken) {
  step.outcome = outcome::failed;
  step.said = broken.why.what;
  if (!broken.key.empty()) step.key = broken.key;
  step.why = std::move(broken.why);
  misfits = step.why->who == culprit::file;
  if (asked.file_is_right && misfits) {
    step.why->who = culprit::server;
    step.why->mend = "the target file comes with Rollcall and asks as the contract says: look into the server";
  }
  certain = broken.certain;
}

bool visit::finish() {
  const mask known = secrets();
  step.said = harmless(known.text(step.said));
  if (step.why) {
    step.why->what = harmless(known.text(step.why->what));
    step.why->mend = harmless(known.text(step.why->mend));
  }
  if (asked.transcript) step.transcript = wire.lines(known);
  found.steps.push_back(step);
  if (asked.on_step) asked.on_step(step);
  return step.outcome == outcome::good;
}

void visit::refuse(const http::exchange& came, const std::string& problem) const {
  auto why = diagnose(came, {});
  if (!why) throw unreadable(came, problem);
  if (why->who == culprit::file && !last_asked_.empty()) why->mend += fmt::format(" (it was {})", last_asked_);
  // To be forbidden may be this server's fault; other refusals of a good request are of what the file asks for.
  throw failure{*why, {}, came.status != 403};
}

std::string visit::text(std::string_view what) {
  return fmt::format("rc-{} {} {}", asked.run, what, ++texts_);
}

message visit::post(user& from, const std::string& what) {
  return value_of(try_post(from, what));
}

reply<message> visit::try_post(user& from, const std::string& what) {
  const auto [last, is_first] = posted_.try_emplace(&from, clock::now());
  if (!is_first) {
    pump(
        io, [] { return false; }, last->second + target->errors.rate_limit);
    last->second = clock::now();
  }
  return ask<message>([&](auto done) { from.send(chat, what, std::move(done)); });
}

void visit::measure(const std::string& key, const std::string& value, bool agrees) {
  const tree* written = find_key(target->source.get(), key);
  const bool by_flag = written != nullptr && written->at.line == 0;  // there is nothing to mend in the file
  std::erase_if(found.measured, [&](const measurement& each) { return each.key == key; });
  if (by_flag || (written != nullptr && agrees)) return;
  found.measured.push_back({key, value, written != nullptr, !agrees});
}

void visit::insist(const std::string& key, const std::string& value, bool agrees) {
  measure(key, value, agrees);
  if (agrees) return;
  std::string mend = value;
  for (std::string_view rest = key; !rest.empty();) {
    const auto dot = rest.rfind('.');
    const auto name = dot == std::string_view::npos ? rest : rest.substr(dot + 1);
    mend = fmt::format("{}: {}", name, mend);
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(0, dot);
    if (!rest.empty()) mend = fmt::format("{{ {} }}", mend);
  }
  throw failure{{culprit::file, step.said, mend}, key};
}

void visit::insist_on_refusals(const std::string& key, std::vector<int> seen, const std::vector<int>& declared,
                               const std::vector<int>& usual) {
  std::erase_if(seen, [](int status) { return status < 300 || status >= 500 || status == 429; });
  if (seen.empty()) return;
  const auto& expected = declared.empty() ? usual : declared;
  const bool agrees =
      std::ranges::all_of(seen, [&](int status) { return std::ranges::find(expected, status) != expected.end(); });
  if (!agrees) seen.insert(seen.end(), declared.begin(), declared.end());
  insist(key, to_list(std::move(seen)), agrees);
}

failure unreadable(const http::exchange& came, const std::string& problem) {
  const auto slash = problem.rfind('/');
  const auto quote = problem.find('\'');
  const std::string wanted =
      slash != std::string::npos   ? problem.substr(slash, problem.find_first_of(" ',;", slash) - slash)
      : quote != std::string::npos ? problem.substr(quote + 1, problem.find('\'', quote + 1) - quote - 1)
                                   : std::string();
  failure out{diagnose_pointer(came.body, wanted, problem)};
  out.why.what = fmt::format("{}, but {}", came.status, problem);
  out.certain = !likely_pointers(came.body, wanted).empty();
  return out;
}

}  // namespace client::doctor

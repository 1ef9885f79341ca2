#include "harness/client/doctor/visit.hpp"

#include "harness/client/transport/network.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client::doctor {

namespace {

std::string shown(const http::exchange& came) {
  std::string text = came.answered() ? fmt::format("< {}\n", came.status) : fmt::format("< {}\n", came.summary());
  for (const auto& [name, value] : came.headers) text += fmt::format("< {}: {}\n", name, value);
  return came.body.empty() ? text : text + came.body.substr(0, 2000) + "\n";
}

}  // namespace

bool ear::got(std::string_view id) const {
  return std::ranges::any_of(messages, [&](const message& each) { return each.id == id; });
}

visit::visit(const client::target& of, const options& options)
    : target(std::make_shared<const client::target>(of)), asked(options) {
  transport::use(io, options.connections);
}

void visit::begin(std::string_view name, std::string_view key) {
  step = {};
  step.name = name;
  step.key = key;
}

void visit::fail(failure& broken) {
  step.outcome = outcome::failed;
  step.said = broken.why.what;
  if (!broken.key.empty()) step.key = broken.key;
  step.why = std::move(broken.why);
  certain = broken.certain;
}

bool visit::finish() {
  found.steps.push_back(step);
  if (asked.on_step) asked.on_step(step);
  return step.outcome == outcome::good;
}

void visit::keep(const http::exchange& came) {
  if (asked.transcript) step.transcript.push_back(shown(came));
}

void visit::refuse(const http::exchange& came, const std::string& problem) {
  const auto why = diagnose(came, {});
  if (!why) throw unreadable(came, problem);
  // To be forbidden may be this server's fault; other refusals of a good request are of what the file asks for.
  throw failure{*why, {}, came.status != 403};
}

std::string visit::text(std::string_view what) {
  return fmt::format("rc-{} {} {}", asked.run, what, ++texts_);
}

message visit::post(user& from, const std::string& what) {
  const auto [last, is_first] = posted_.try_emplace(&from, clock::now());
  if (!is_first) {
    pump(
        io, [] { return false; }, last->second + target->errors.rate_limit);
    last->second = clock::now();
  }
  return value_of(ask<message>([&](auto done) { from.send(chat, what, std::move(done)); }));
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

#include "cli/first_steps.hpp"

#include "cli/aftermath.hpp"
#include "cli/command_error.hpp"
#include "harness/client/target/place.hpp"
#include "harness/ledger/tag.hpp"

#include <fmt/format.h>

#include <random>

namespace cli {

namespace {

constexpr std::chrono::seconds time_after_a_broken_start{10};

}  // namespace

std::string place_of(const target_choice& choice, const std::string& key) {
  const int line = client::line_of(choice.text, key);
  return line == 0 ? key : fmt::format("{}:{} {}", choice.name, line, key);
}

std::vector<client::created_thing> insist_on_first_steps(const client::target& target, const target_choice& choice,
                                                         const client::transport::options& connections,
                                                         const interruption& interrupt, bool file_is_right) {
  std::vector<client::created_thing> made;
  client::doctor::options options;
  options.run = ledger::make_run_id(std::random_device{}() * 0x100000001ULL);
  options.connections = connections;
  options.file_is_right = file_is_right;
  options.stop = [&] { return interrupt.pending(); };
  options.on_created = [&](const client::created_thing& thing) { made.push_back(thing); };
  const auto broken = client::doctor::smoke(target, options);
  if (!broken) return made;
  if (!choice.reference && !made.empty()) {
    made = clean(target, std::move(made), connections, "rollcall", time_after_a_broken_start, interrupt, {}).left;
  }
  const std::string left =
      choice.reference || made.empty() ? "" : fmt::format("; left on the target: {}", client::in_words(made));
  const auto& why = *broken->why;
  const bool file = why.who == client::doctor::culprit::file;
  throw command_error(
      file ? record::exit_code::usage : record::exit_code::target,
      fmt::format("{}: {}; {}. rollcall doctor -t {} tries every step{}",
                  file ? place_of(choice, broken->key)
                       : fmt::format("target {} cannot be worked with, at {}", target.title(), broken->name),
                  why.what, why.mend, choice.name, left));
}

}  // namespace cli

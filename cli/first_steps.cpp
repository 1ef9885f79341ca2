#include "cli/first_steps.hpp"

#include "cli/command_error.hpp"
#include "harness/client/target/place.hpp"
#include "harness/ledger/tag.hpp"

#include <fmt/format.h>

#include <random>

namespace cli {

std::string place_of(const target_choice& choice, const std::string& key) {
  const int line = client::line_of(choice.text, key);
  return line == 0 ? key : fmt::format("{}:{} {}", choice.name, line, key);
}

void insist_on_first_steps(const client::target& target, const target_choice& choice,
                           const client::transport::options& connections, const interruption& interrupt,
                           bool file_is_right) {
  client::doctor::options options;
  options.run = ledger::make_run_id(std::random_device{}() * 0x100000001ULL);
  options.connections = connections;
  options.file_is_right = file_is_right;
  options.stop = [&] { return interrupt.pending(); };
  const auto broken = client::doctor::smoke(target, options);
  if (!broken) return;
  const auto& why = *broken->why;
  const bool file = why.who == client::doctor::culprit::file;
  throw command_error(
      file ? record::exit_code::usage : record::exit_code::target,
      fmt::format("{}: {}; {}. rollcall doctor -t {} tries every step",
                  file ? place_of(choice, broken->key)
                       : fmt::format("target {} cannot be worked with, at {}", target.title(), broken->name),
                  why.what, why.mend, choice.name));
}

}  // namespace cli

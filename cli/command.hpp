// How a subcommand joins the command line: each add_… registers its flags and, when it is the one that was asked for,
// leaves in `chosen` what is to be done. Flags live in the closures; parse errors are CLI11's, run errors exit codes.
#pragma once

#include "harness/record/exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>

namespace cli {

using record::exit_code;

using action = std::function<exit_code()>;

void add_up(CLI::App& app, action& chosen);
void add_conform(CLI::App& app, action& chosen);
void add_load(CLI::App& app, action& chosen);
void add_report(CLI::App& app, action& chosen);
void add_explain(CLI::App& app, action& chosen);
void add_init(CLI::App& app, action& chosen);
void add_check(CLI::App& app, action& chosen);
void add_doctor(CLI::App& app, action& chosen);
void add_cleanup(CLI::App& app, action& chosen);
void add_token(CLI::App& app, action& chosen);
void add_targets(CLI::App& app, action& chosen);
void add_schema(CLI::App& app, action& chosen);
void add_version(CLI::App& app, action& chosen);

}  // namespace cli

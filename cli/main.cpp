// rollcall: the front door. Parses, runs the chosen command, exits with its code.
#include "cli/command.hpp"
#include "cli/command_error.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <exception>

namespace {

cli::exit_code run(int argc, char** argv) {
  CLI::App app{"Rollcall calls the roll of every message: conformance and load testing for chat backends."};
  app.set_help_flag("-h,--help", "Show this help");
  app.require_subcommand(0, 1);
  app.footer(
      "Examples:\n"
      "  rollcall conform -t reference                  judge the bundled reference server\n"
      "  rollcall conform -t my-chat.yaml --only 'RT-*' judge the delivery of your own backend\n"
      "  rollcall load -t reference -u 1000 --rate 500/s put users on it and account for every message\n"
      "  rollcall report                                what the last run found, as one HTML page\n"
      "  rollcall explain OFF-02                        what a requirement asks, why, and the usual causes\n"
      "  rollcall up                                    run the reference server until Ctrl-C");
  cli::action chosen;
  cli::add_conform(app, chosen);
  cli::add_load(app, chosen);
  cli::add_report(app, chosen);
  cli::add_up(app, chosen);
  cli::add_explain(app, chosen);
  cli::add_init(app, chosen);
  cli::add_check(app, chosen);
  cli::add_doctor(app, chosen);
  cli::add_token(app, chosen);
  cli::add_cleanup(app, chosen);
  cli::add_targets(app, chosen);
  cli::add_schema(app, chosen);
  cli::add_version(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return cli::exit_code::passed;
  } catch (const CLI::ParseError& error) {
    throw cli::usage_error(cli::one_line(error));
  }
  if (!chosen)
    throw cli::usage_error(
        "no command given; there are conform, load, report, up, explain, init, check, doctor, token, cleanup, "
        "targets, schema and version: see rollcall --help");
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);  // a reader that went away (| head) is an ordinary write error
  try {
    return static_cast<int>(run(argc, argv));
  } catch (const cli::command_error& error) {
    fmt::print(stderr, "rollcall: {}\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "rollcall: internal error: {}. This is a bug of rollcall; please report it with the command line.\n",
               error.what());
    return static_cast<int>(cli::exit_code::internal);
  }
}

// rollcall report: what runs found, as an HTML page, Markdown, JUnit or one line.
#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "cli/command_line.hpp"
#include "cli/report_files.hpp"
#include "reports/html/html.hpp"
#include "reports/junit/junit.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/terminal/conform_text.hpp"
#include "reports/terminal/load_line.hpp"

#include <fmt/format.h>

#include <memory>

namespace cli {

namespace {

struct report_flags {
  std::vector<std::string> runs;
  std::string out;
  std::vector<std::string> formats;
};

std::string lines(const std::vector<reports::run>& runs) {
  std::string text;
  for (const auto& each : runs) {
    const std::string look_at = each.folder + "/result.json";
    text += (each.result.load ? reports::load_last_line(each.result, look_at, false)
                              : reports::last_line(each.result, look_at, false)) +
            "\n";
  }
  return text;
}

report_file make(const std::string& format, const std::vector<reports::run>& runs) {
  if (format == "markdown") return {"report.md", reports::markdown(runs)};
  if (format == "junit") return {"report.xml", reports::junit(runs)};
  if (format == "line") return {"report.txt", lines(runs)};
  auto page = reports::html(runs);
  if (!page) throw usage_error(std::string(no_page));
  return {"report.html", std::move(*page)};
}

exit_code report(report_flags flags) {
  const auto runs = read_runs(flags.runs);
  if (flags.formats.empty()) {
    flags.formats = {reports::has_page() ? "html" : "markdown"};
    if (!reports::has_page()) {
      fmt::print(stderr, "rollcall: {}; this is the Markdown instead\n", no_page);
      if (flags.out.empty()) flags.out = runs.size() == 1 ? runs.front().folder : ".";
    }
  }
  std::vector<report_file> files;
  for (const auto& each : flags.formats) files.push_back(make(each, runs));

  // One text that nobody gave a place goes to standard output, a page or several files beside the run.
  const bool to_output = flags.out == "-" || (flags.out.empty() && files.size() == 1 && flags.formats[0] != "html");
  if (to_output) {
    if (files.size() > 1) throw usage_error("-o - takes one format; give --format one name, or -o a folder");
    fmt::print("{}", files.front().content);
    return exit_code::passed;
  }
  const std::string place = !flags.out.empty() ? flags.out : runs.size() == 1 ? runs.front().folder : ".";
  for (const auto& path : write_files(files, place)) fmt::print("{}\n", shown_path(path));
  return exit_code::passed;
}

}  // namespace

void add_report(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("report", "What runs found: an HTML page, Markdown, JUnit, one line");
  auto flags = std::make_shared<report_flags>();
  command->add_option("RUN", flags->runs, "Folders of runs (default: runs/latest)");
  command->add_option("-o,--out", flags->out,
                      "A file, a folder, or - for standard output (default: the page beside the run, others to "
                      "standard output)");
  command->add_option("--format", flags->formats, "html (default), markdown, junit, line; several with commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"html", "markdown", "junit", "line"}));
  command->footer(
      "Examples:\n"
      "  rollcall report                                        runs/latest/report.html\n"
      "  rollcall report runs/a runs/b -o report.html           two runs in one page\n"
      "  rollcall report --format junit -o junit.xml            for a CI system");
  command->callback([&chosen, flags] { chosen = [flags] { return report(*flags); }; });
}

}  // namespace cli

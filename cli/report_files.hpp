// The files of rollcall report: results of runs read, reports written. Each function throws usage_error with one line.
#pragma once

#include "reports/run.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

inline constexpr std::string_view no_page =
    "this build has no HTML page, it was made without Node.js: ci/deps --node, then ci/build release, makes one with "
    "it";

/// Folders with a result.json; none given: runs/latest.
std::vector<reports::run> read_runs(const std::vector<std::string>& folders);

struct report_file {
  std::string name;  // when the place is a folder
  std::string content;
};

/// One file may be given a name of its own; several go into a folder. Whole or not at all, each of them.
std::vector<std::filesystem::path> write_files(const std::vector<report_file>& files, const std::string& place);

}  // namespace cli

#include "cli/report_files.hpp"

#include "cli/command_error.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace cli {

namespace fs = std::filesystem;

namespace {

reports::run read_run(const std::string& folder) {
  const fs::path path = fs::path(folder) / "result.json";
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw usage_error(fmt::format("there is no folder {}; give the folder of a run, such as runs/latest", folder));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw usage_error(fmt::format("{} has no result.json{}", folder,
                                  fs::path(folder).extension() == ".partial" ? ": that run was cut off or is going on"
                                                                             : "; is it the folder of a run?"));
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto read = record::from_json(text);
  if (!read.value) throw usage_error(fmt::format("{}: {}", path.string(), read.problem));
  std::string shown = folder;
  while (shown.size() > 1 && shown.back() == '/') shown.pop_back();
  return {std::move(shown), std::move(*read.value)};
}

void write_file(const fs::path& path, const std::string& content) {
  const fs::path fresh = path.string() + ".new";
  {
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    if (!file) throw usage_error(fmt::format("{} cannot be written", path.string()));
  }
  std::error_code error;
  fs::rename(fresh, path, error);
  if (error) {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    throw usage_error(fmt::format("{} cannot be written: {}", path.string(), error.message()));
  }
}

}  // namespace

std::vector<reports::run> read_runs(const std::vector<std::string>& folders) {
  if (folders.empty()) {
    std::error_code ignored;
    if (!fs::exists("runs/latest", ignored)) {
      throw usage_error("no run given and no runs/latest here; rollcall conform makes one");
    }
    return {read_run("runs/latest")};
  }
  std::vector<reports::run> runs;
  for (const auto& each : folders) runs.push_back(read_run(each));
  return runs;
}

std::vector<fs::path> write_files(const std::vector<report_file>& files, const std::string& place) {
  std::error_code error;
  const bool folder = files.size() > 1 || place.ends_with('/') || fs::is_directory(place, error);
  if (folder) {
    fs::create_directories(place, error);
    if (error) throw usage_error(fmt::format("the folder {} cannot be made: {}", place, error.message()));
  }
  std::vector<fs::path> written;
  for (const auto& each : files) {
    const fs::path path = folder ? fs::path(place) / each.name : fs::path(place);
    write_file(path, each.content);
    written.push_back(path);
  }
  return written;
}

}  // namespace cli

#include "harness/stack/programs.hpp"

#include <unistd.h>

#include <charconv>
#include <optional>
#include <string_view>

namespace stack {
namespace fs = std::filesystem;
namespace {

bool runs(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

std::optional<fs::path> in_path(std::string_view search, std::string_view name) {
  while (!search.empty()) {
    const std::size_t end = search.find(':');
    const fs::path folder = search.substr(0, end);
    if (folder.is_absolute() && runs(folder / name)) return folder / name;
    if (end == std::string_view::npos) break;
    search.remove_prefix(end + 1);
  }
  return std::nullopt;
}

std::optional<fs::path> newest_version(const fs::path& debian) {
  std::optional<fs::path> newest;
  int highest = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(debian, ignored)) {
    const std::string name = entry.path().filename().string();
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    const fs::path folder = entry.path() / "bin";
    if (version > highest && runs(folder / "initdb") && runs(folder / "postgres")) {
      highest = version;
      newest = folder;
    }
  }
  return newest;
}

}  // namespace

start_result<store_programs> find_stores(const std::string& search, const fs::path& debian) {
  store_programs found;
  const std::optional<fs::path> initdb = in_path(search, "initdb");
  if (initdb && runs(initdb->parent_path() / "postgres")) {
    found.initdb = *initdb;
    found.postgres = initdb->parent_path() / "postgres";
  } else if (const std::optional<fs::path> folder = newest_version(debian)) {
    found.initdb = *folder / "initdb";
    found.postgres = *folder / "postgres";
  } else {
    return start_error{failure::missing_program,
                       "PostgreSQL's server is not installed: no initdb and postgres in PATH "
                       "nor in " +
                           debian.string() +
                           "/*/bin; install the package postgresql-15 (ci/deps does, "
                           "without a system cluster)"};
  }
  const std::optional<fs::path> redis = in_path(search, "redis-server");
  if (!redis) {
    return start_error{failure::missing_program,
                       "Redis is not installed: no redis-server in PATH; install the package "
                       "redis-server (ci/deps does, without starting a service)"};
  }
  found.redis = *redis;
  return found;
}

start_result<fs::path> find_haproxy(const std::string& search) {
  // Debian's is in /usr/sbin, which only root's PATH has.
  if (const auto found = in_path(search + ":/usr/sbin", "haproxy")) return *found;
  return start_error{failure::missing_program,
                     "HAProxy is not installed, and several api or gateway processes need it before them: no haproxy "
                     "in PATH; install the package haproxy (ci/deps does, without starting a service)"};
}

start_result<fs::path> find_ours(const fs::path& folder, const std::string& name) {
  if (runs(folder / name)) return folder / name;
  return start_error{failure::missing_program, name + " is not in " + folder.string() +
                                                   "; build it (cmake --build … --target " + name +
                                                   ") or install the whole package"};
}

start_result<fs::path> find_replacement(const fs::path& folder, const std::string& search, const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (runs(name)) return fs::path(name);
    return start_error{failure::missing_program, name + " is not a program that can be run"};
  }
  if (runs(folder / name)) return folder / name;
  if (const auto found = in_path(search, name)) return *found;
  return start_error{failure::missing_program, name + " is neither in " + folder.string() + " nor in PATH"};
}

fs::path own_folder() {
  std::error_code problem;
  return fs::read_symlink("/proc/self/exe", problem).parent_path();
}

}  // namespace stack

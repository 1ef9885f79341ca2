#include "harness/record/run_directory.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <vector>

namespace record {
namespace {

namespace fs = std::filesystem;

fs::path partial(const fs::path& name) {
  return name.string() + ".partial";
}

bool in_the_way(const fs::path& name) {
  return fs::exists(fs::symlink_status(name)) && !(fs::is_directory(name) && fs::is_empty(name));
}

fs::path without_slash(const fs::path& given) {
  const auto absolute = fs::absolute(given).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

// Makes NAME.partial for exactly this name.
fs::path make_exact(const fs::path& name) {
  if (in_the_way(name)) {
    throw run_directory_error(fmt::format(
        "--out {}: exists and is not an empty directory; name a new one, or remove it first", name.string()));
  }
  const auto working = partial(name);
  fs::create_directories(name.parent_path());
  if (!fs::create_directory(working)) {
    throw run_directory_error(fmt::format(
        "--out {}: {} was left by an interrupted run (or one that is still going on); look at it and remove it",
        name.string(), working.string()));
  }
  return working;
}

void write_all(const fs::path& file, std::string_view content) {
  const auto temporary = fs::path(file.string() + ".tmp");
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) {
    throw std::system_error(errno, std::generic_category(), "writing " + temporary.string());
  }
  fs::rename(temporary, file);
}

}  // namespace

run_directory::run_directory(const place& where) {
  if (where.exact) {
    final_ = without_slash(*where.exact);
    path_ = make_exact(final_);
  } else {
    linked_ = true;
    const auto root = fs::absolute(where.root).lexically_normal();
    fs::create_directories(root);
    const auto time = std::chrono::system_clock::to_time_t(where.started);
    const auto base = fmt::format("{:%Y%m%dT%H%M%SZ}-{}", fmt::gmtime(time), where.kind);
    // Making the directory claims the name, so two runs of one second never share one.
    for (int n = 1; path_.empty(); ++n) {
      final_ = root / (n == 1 ? base : fmt::format("{}-{}", base, n));
      if (!fs::exists(fs::symlink_status(final_)) && fs::create_directory(partial(final_))) {
        path_ = partial(final_);
      }
    }
  }
  fs::create_directory(logs());
}

void run_directory::write(const fs::path& name, std::string_view content) {
  const auto file = path_ / name;
  fs::create_directories(file.parent_path());
  write_all(file, masking_.mask(content));
}

const std::filesystem::path& run_directory::finish() {
  if (finished_) {
    return path_;
  }
  mask_files();
  fs::rename(path_, final_);  // takes the place of an empty directory
  path_ = final_;
  finished_ = true;
  if (linked_) {
    link_latest();
  }
  return path_;
}

void run_directory::mask_files() const {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    if (entry.is_regular_file() && !entry.is_symlink()) {
      files.push_back(entry.path());
    }
  }
  for (const auto& file : files) {
    // Line by line: a log may be large, and no secret holds a line break.
    const auto temporary = fs::path(file.string() + ".tmp");
    bool changed = false;
    {
      std::ifstream in(file, std::ios::binary);
      std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
      for (std::string line; std::getline(in, line);) {
        const auto masked = masking_.mask(line);
        changed = changed || masked != line;
        out << masked << (in.eof() ? "" : "\n");
      }
      out.close();
      if (!out) {
        throw std::system_error(errno, std::generic_category(), "masking " + file.string());
      }
    }
    changed ? fs::rename(temporary, file) : static_cast<void>(fs::remove(temporary));
  }
}

void run_directory::link_latest() const {
  const auto link = final_.parent_path() / "latest";
  if (fs::exists(fs::symlink_status(link)) && !fs::is_symlink(link)) {
    return;  // somebody's own file of that name
  }
  const auto temporary = final_.parent_path() / fmt::format(".latest.{}", ::getpid());
  fs::remove(temporary);
  fs::create_symlink(final_.filename(), temporary);
  fs::rename(temporary, link);
}

}  // namespace record

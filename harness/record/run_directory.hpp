// The one directory that a run writes: `runs/<time>-<kind>/`, or exactly what --out names.
//
// While the run goes on it is called NAME.partial; finish() gives it its name and points `runs/latest` at it, so a
// directory without the suffix is always whole. An interrupted run leaves NAME.partial with all that was written.
// Owner: the run; one thread. Everything written through it, and every file in it at the end, is masked.
// Errors of the file system are thrown as std::filesystem::filesystem_error or std::system_error; what the user can
// mend (a directory in the way) is a run_directory_error whose text is the one line to print.
#pragma once

#include "harness/record/masking.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace record {

struct run_directory_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class run_directory {
 public:
  struct place {
    std::filesystem::path root = "runs";         // where runs are collected; unused with `exact`
    std::string kind;                            // "conform", "load", …
    std::optional<std::filesystem::path> exact;  // --out: new or empty
    std::chrono::system_clock::time_point started;
  };

  // Makes NAME.partial and NAME.partial/logs. Several runs started in the same second get names of their own.
  explicit run_directory(const place& where);

  // Leaves NAME.partial as it is when finish() was not called.
  ~run_directory() = default;
  run_directory(const run_directory&) = delete;
  run_directory& operator=(const run_directory&) = delete;

  record::masking& masking() { return masking_; }

  // Where to write now; after finish() the final path.
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path logs() const { return path_ / "logs"; }
  // The name it has or will have.
  const std::filesystem::path& final_path() const { return final_; }

  // Writes a file under the directory, masked, whole or not at all. `name` may hold folders.
  void write(const std::filesystem::path& name, std::string_view content);

  // Masks what others wrote (logs), renames, links `latest`. Returns the final path. Call it once, when everything that
  // writes into the directory has stopped.
  const std::filesystem::path& finish();

 private:
  void mask_files() const;
  void link_latest() const;

  record::masking masking_;
  std::filesystem::path final_;
  std::filesystem::path path_;
  bool linked_ = false;  // collected under a root, so `latest` is kept
  bool finished_ = false;
};

}  // namespace record

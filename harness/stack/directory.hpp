// The folders of one stack. The private one (/tmp/rc-XXXXXX, or under TMPDIR) holds the unix sockets and, unless they
// are kept elsewhere, the database and the logs; it is removed with everything in it. A data directory is the user's:
// it is made when absent, marked, locked against a second stack, and kept. Owned by the supervisor.
#pragma once

#include "harness/stack/account.hpp"
#include "harness/stack/descriptor.hpp"
#include "harness/stack/failure.hpp"

#include <filesystem>
#include <string>

namespace stack {

class private_directory {
 public:
  // In `base`; fails when a socket's path would be too long for the kernel or the account could not get there.
  static start_result<private_directory> make(const std::filesystem::path& base, const account& who);
  private_directory(private_directory&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  private_directory& operator=(private_directory&&) = delete;
  ~private_directory() { remove(); }

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path sockets() const { return path_ / "s"; }
  // Makes a folder in it that belongs to the account alone.
  start_result<std::filesystem::path> folder_for(const account& who, const std::string& name) const;
  void remove() noexcept;

 private:
  explicit private_directory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// TMPDIR when it is set, else /tmp.
std::filesystem::path temporary_base();

class data_directory {
 public:
  // Makes or reopens it and takes its lock. Fails when it is not empty and not ours, in use by another stack, or out of
  // the account's reach.
  static start_result<data_directory> open(const std::filesystem::path& path, const account& who);

  std::filesystem::path cluster() const { return path_ / "postgres"; }
  const std::filesystem::path& path() const noexcept { return path_; }
  // `wanted` when it is not empty, else the one kept here, else a new one; kept in the file "secret", mode 0600.
  start_result<std::string> secret(const std::string& wanted) const;

 private:
  data_directory(std::filesystem::path path, descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  descriptor lock_;
};

// Makes `path` a folder that belongs to the account alone (mode 0700).
start_result<std::filesystem::path> make_folder(const account& who, const std::filesystem::path& path);

// The lines of a log file from byte `from` on, the last `lines` of them, each indented by two spaces.
std::string last_lines(const std::filesystem::path& file, std::uintmax_t from, int lines);

}  // namespace stack

// Where the programs of a stack are: ours beside the running one, PostgreSQL in PATH or the newest of Debian's
// versioned folders, redis-server in PATH. Pure but for looking at the file system; a missing program is one line that
// names the package.
#pragma once

#include "harness/stack/failure.hpp"

#include <filesystem>
#include <string>

namespace stack {

struct store_programs {
  std::filesystem::path initdb, postgres, redis;
};

// `search` is a PATH; `debian` the folder with one folder per version of PostgreSQL. initdb and postgres come from the
// same folder.
start_result<store_programs> find_stores(const std::string& search,
                                         const std::filesystem::path& debian = "/usr/lib/postgresql");

// HAProxy, in `search` or where Debian has it.
start_result<std::filesystem::path> find_haproxy(const std::string& search);

// One of our own programs, built or installed in `folder`.
start_result<std::filesystem::path> find_ours(const std::filesystem::path& folder, const std::string& name);

// A replacement: a path, or a name that is looked for in `folder`, then in `search`.
start_result<std::filesystem::path> find_replacement(const std::filesystem::path& folder, const std::string& search,
                                                     const std::string& name);

// The folder of the running program.
std::filesystem::path own_folder();

}  // namespace stack

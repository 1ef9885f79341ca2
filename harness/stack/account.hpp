// The user that PostgreSQL and Redis run as: never root. A value, looked up once by the supervisor.
#pragma once

#include "harness/stack/failure.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace stack {

struct account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  bool switched = false;  // somebody else than the caller: a child has to become this user before exec
};

// `postgres` when we are root, else the caller. Fails when root finds no such user (its package makes it).
start_result<account> unprivileged_account();

// The first directory on the way to `path` (itself included, as far as it exists) that the account may not enter.
std::optional<std::filesystem::path> closed_to(const account& who, const std::filesystem::path& path);

}  // namespace stack

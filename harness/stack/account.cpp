#include "harness/stack/account.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stack {

start_result<account> unprivileged_account() {
  if (::geteuid() != 0) {
    const passwd* self = ::getpwuid(::geteuid());
    return account{self ? self->pw_name : std::to_string(::geteuid()), ::geteuid(), ::getegid(), false};
  }
  const passwd* found = ::getpwnam("postgres");
  if (!found) {
    return start_error{failure::missing_program,
                       "there is no user `postgres`, and PostgreSQL refuses to run as root; install the package "
                       "postgresql (Debian: apt-get install postgresql-15) or run as another user"};
  }
  return account{found->pw_name, found->pw_uid, found->pw_gid, true};
}

std::optional<std::filesystem::path> closed_to(const account& who, const std::filesystem::path& path) {
  if (!who.switched) return std::nullopt;
  std::filesystem::path walked;
  for (const auto& step : path) {
    walked /= step;
    struct stat found {};
    if (::stat(walked.c_str(), &found) != 0) return std::nullopt;
    const mode_t needed = found.st_uid == who.uid ? S_IXUSR : found.st_gid == who.gid ? S_IXGRP : S_IXOTH;
    if ((found.st_mode & needed) == 0) return walked;
  }
  return std::nullopt;
}

}  // namespace stack

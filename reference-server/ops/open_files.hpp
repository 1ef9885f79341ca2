// How many descriptors, and so connections, this process may have open. Called once by main.
#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace ops {

// Raises the soft limit to the hard one; gives the limit that holds now, 0 when the system does not say.
inline std::uint64_t raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace ops

// How many sockets this process may have open: the soft limit raised to the hard one. Called once by main.
#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace gateway {

// The limit that holds now; 0 when the system does not say.
inline std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace gateway

// What a server bears from one client: sizes in bytes, times in milliseconds. A plain value, set by main.
#pragma once

#include <chrono>
#include <cstddef>

namespace http {

struct limits {
  std::size_t target = 8 * 1024;  // of the request target
  std::size_t head = 16 * 1024;   // of all header lines
  std::size_t body = 64 * 1024;   // after transfer decoding
  std::chrono::milliseconds head_time{10'000};
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds idle_time{75'000};   // keep-alive between requests
  std::chrono::milliseconds write_time{30'000};  // for a client that does not read
  std::chrono::milliseconds linger_time{1'000};  // reading on after the last answer, so that no reset eats it
  std::size_t linger_bytes = 256 * 1024;
};

}  // namespace http

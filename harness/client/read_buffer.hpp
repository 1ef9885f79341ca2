// One buffer per thread that all reads of the client share: sockets wait for readiness and then read into it, so that
// an idle connection holds no buffer. What is in it is gone with the next read of any connection of the thread.
#pragma once

#include <array>
#include <cstddef>

namespace client {

inline constexpr std::size_t read_buffer_size = 64U << 10U;

inline std::array<char, read_buffer_size>& read_buffer() {
  thread_local std::array<char, read_buffer_size> buffer;
  return buffer;
}

}  // namespace client

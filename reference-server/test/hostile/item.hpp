// What one connection of a storm sends, and how it ends. A plain value.
#pragma once

#include <chrono>
#include <string>

namespace hostile {

struct item {
  std::string bytes;
  std::chrono::milliseconds silence{0};  // after the last byte, before the client's half of the connection is closed
  bool reset = false;                    // torn down instead, its answers unread
};

}  // namespace hostile

// Many short connections to one port of loopback, some of them open at a time: writes what it is given, closes its
// half, reads to the end. One thread, its caller's; blocks until all are through.
#pragma once

#include "reference-server/test/hostile/item.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hostile {

// What became of one connection.
struct outcome {
  const item& sent;
  std::string answered;
  bool reset = false;  // by the server, or by the item itself
  bool late = false;   // not ended by the server in fifteen seconds
};

class storm {
 public:
  storm(std::uint16_t port, std::size_t at_a_time) : port_(port), open_(at_a_time) {}
  ~storm();
  storm(const storm&) = delete;
  storm& operator=(const storm&) = delete;

  // Throws std::runtime_error when the server does not accept connections any more.
  void run(std::size_t count, const std::function<item()>& make, const std::function<void(const outcome&)>& judge);

 private:
  using clock = std::chrono::steady_clock;
  struct connection {
    int socket = -1;
    item sent;
    std::size_t written = 0;
    bool half_closed = false;
    clock::time_point since, half_close_at;
    std::string answered;
  };
  void begin(connection& one, item what) const;
  bool step(connection& one, short events, const std::function<void(const outcome&)>& judge) const;

  std::uint16_t port_;
  std::vector<connection> open_;
};

}  // namespace hostile

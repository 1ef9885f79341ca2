// How many requests were answered, by action and status, and how long they took. Owned by the rest service, on its
// thread; the admin port shows it.
#pragma once

#include "reference-server/api/routes.hpp"
#include "reference-server/ops/exposition.hpp"

#include <prometheus/histogram.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

namespace api {

// What http::response::label says of an answer: its action, or `no_action` for OPTIONS and for refusals before one was
// found.
inline constexpr std::uint32_t no_action = 0;
constexpr std::uint32_t label_of(action what) {
  return static_cast<std::uint32_t>(what) + 1;
}

class request_counts {
 public:
  request_counts();

  void count(std::uint32_t label, unsigned status, std::chrono::nanoseconds took);
  void show(ops::exposition& metrics) const;

 private:
  static constexpr unsigned lowest_status = 200;
  static constexpr unsigned statuses = 400;

  struct of_action {
    of_action();
    std::array<std::uint64_t, statuses> answered{};  // by status
    prometheus::Histogram seconds;
  };
  std::array<std::unique_ptr<of_action>, label_of(action::one_message) + 1> by_label_;
};

}  // namespace api

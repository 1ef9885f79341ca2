#include "reference-server/api/request_counts.hpp"

#include <string>

namespace api {
namespace {

const char* name_of(std::uint32_t label) {
  switch (label) {
    case label_of(action::log_in):
      return "log_in";
    case label_of(action::create_chat):
      return "create_chat";
    case label_of(action::list_chats):
      return "list_chats";
    case label_of(action::one_chat):
      return "one_chat";
    case label_of(action::send_message):
      return "send_message";
    case label_of(action::history):
      return "history";
    case label_of(action::one_message):
      return "one_message";
    default:
      return "none";
  }
}

}  // namespace

request_counts::of_action::of_action()
    : seconds({0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5}) {}

request_counts::request_counts() {
  for (auto& one : by_label_) {
    one = std::make_unique<of_action>();
  }
}

void request_counts::count(std::uint32_t label, unsigned status, std::chrono::nanoseconds took) {
  of_action& counted = *by_label_[label];
  ++counted.answered[status - lowest_status];
  counted.seconds.Observe(std::chrono::duration<double>(took).count());
}

void request_counts::show(ops::exposition& metrics) const {
  for (std::uint32_t label = 0; label < by_label_.size(); ++label) {
    for (unsigned i = 0; i < statuses; ++i) {
      if (const std::uint64_t answered = by_label_[label]->answered[i]) {
        metrics.counter("rollcall_api_requests_total", "Answers, by action and status", static_cast<double>(answered),
                        {{"action", name_of(label)}, {"status", std::to_string(lowest_status + i)}});
      }
    }
  }
  for (std::uint32_t label = label_of(action::log_in); label < by_label_.size(); ++label) {
    metrics.histogram("rollcall_api_request_seconds", "From a request read to its answer given, by action",
                      by_label_[label]->seconds, {{"action", name_of(label)}});
  }
}

}  // namespace api

#include "cli/test/standstill.hpp"

namespace cli::test {

namespace {
constexpr std::chrono::milliseconds period{5};
constexpr std::chrono::milliseconds usual{5};  // later than that is a standstill
}  // namespace

standstill::standstill() : thread_([this](const std::stop_token& enough) { watch(enough); }) {}

std::chrono::nanoseconds standstill::seen() {
  thread_.request_stop();
  thread_.join();
  return sum_;
}

void standstill::watch(const std::stop_token& enough) {
  auto due = std::chrono::steady_clock::now() + period;
  while (!enough.stop_requested()) {
    std::this_thread::sleep_until(due);
    const auto now = std::chrono::steady_clock::now();
    if (now - due > usual) sum_ += now - due;
    due = now + period;
  }
}

}  // namespace cli::test

#include "harness/client/user/message.hpp"

namespace client {

std::string summary(const http::exchange& exchange, std::string_view problem) {
  std::string out = exchange.summary();
  if (!problem.empty()) return out.append(", but ").append(problem);
  if (exchange.answered() && !exchange.success() && !exchange.body.empty()) {
    constexpr std::size_t most = 200;
    out += ": " + exchange.body.substr(0, most);
    if (exchange.body.size() > most) out += "…";
  }
  return out;
}

}  // namespace client

#include "harness/client/http/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client::http {

bool same_name(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view to_string(failure failure) noexcept {
  switch (failure) {
    case failure::none:
      return "none";
    case failure::resolve:
      return "not resolved";
    case failure::connect:
      return "not connected";
    case failure::closed:
      return "closed without an answer";
    case failure::reset:
      return "reset without an answer";
    case failure::truncated:
      return "truncated answer";
    case failure::garbage:
      return "garbage";
    case failure::too_large:
      return "answer too large";
    case failure::timeout:
      return "timeout";
    case failure::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::optional<std::string_view> exchange::find(std::string_view name) const noexcept {
  for (const header& h : headers) {
    if (same_name(h.name, name)) return h.value;
  }
  return std::nullopt;
}

std::string exchange::summary() const {
  if (answered()) return fmt::format("{}", status);
  std::string out(to_string(failure));
  if (!detail.empty()) out += ": " + detail;
  if (status != 0) out += fmt::format(" (status {})", status);
  return out;
}

}  // namespace client::http

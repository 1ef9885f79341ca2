#include "reports/text/exceptions.hpp"

#include "reports/text/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace reports {

namespace {

std::string times(const record::declared_exception& of, const record::result& result) {
  const auto at =
      std::ranges::find_if(result.ledger.counts, [&](const auto& one) { return one.first == of.counted_as; });
  std::string name = of.counted_as;
  std::ranges::replace(name, '_', ' ');
  return fmt::format("{} {}", grouped(at == result.ledger.counts.end() ? 0 : at->second), name);
}

}  // namespace

std::string counted_exceptions(const record::result& result) {
  std::string text;
  for (const auto& each : result.exceptions) {
    text += (text.empty() ? "" : ", ") + times(each, result);
  }
  return text;
}

std::string exceptions_sentence(const record::result& result) {
  std::string text;
  for (const auto& each : result.exceptions) {
    text += text.empty() ? "By declaration: " : "; ";
    text += each.declared + (each.reason.empty() ? "" : fmt::format(" ({})", each.reason)) + ", " + times(each, result);
  }
  return text.empty() ? text : text + ".";
}

}  // namespace reports

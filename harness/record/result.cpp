#include "harness/record/result.hpp"

#include <array>

namespace record {
namespace {

template <std::size_t N, typename Enum>
std::string_view pick(const std::array<std::string_view, N>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view word(run_verdict value) {
  constexpr std::array<std::string_view, 8> words = {"passed",       "findings",        "usage",    "target",
                                                     "inconclusive", "nothing checked", "internal", "interrupted"};
  return pick(words, value);
}

std::string_view word(requirement_verdict value) {
  constexpr std::array<std::string_view, 10> words = {"pass",          "fail",        "warning", "deviation",
                                                      "known failure", "not claimed", "not run", "blocked",
                                                      "inconclusive",  "error"};
  return pick(words, value);
}

std::string_view word(level value) {
  constexpr std::array<std::string_view, 2> words = {"MUST", "SHOULD"};
  return pick(words, value);
}

std::string_view word(tier value) {
  constexpr std::array<std::string_view, 3> words = {"core", "extended", "hardening"};
  return pick(words, value);
}

std::string_view word(impact value) {
  constexpr std::array<std::string_view, 4> words = {"passive", "writes", "intrusive", "disruptive"};
  return pick(words, value);
}

std::string full_id(const requirement& of) {
  return of.variant.empty() ? of.id : of.id + "[" + of.variant + "]";
}

}  // namespace record

// The words that stand in a trace file for the ledger's enumerations; writer and reader share them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace record {

inline constexpr std::array<std::string_view, 3> outcome_words = {"acked", "refused", "unknown"};
inline constexpr std::array<std::string_view, 6> ending_words = {"closed by us", "closed by peer", "end of file",
                                                                 "failed",       "refused",        "poll failed"};
inline constexpr std::array<std::string_view, 4> content_words = {"tagged", "damaged", "foreign", "no text"};
inline constexpr std::array<std::string_view, 2> offline_words = {"discard", "replay"};

template <std::size_t N, typename Enum>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

template <typename Enum, std::size_t N>
std::optional<Enum> meaning(const std::array<std::string_view, N>& words, std::string_view wanted) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == wanted) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

}  // namespace record

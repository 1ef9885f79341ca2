// Chance that can be repeated: numbers out of a seed, and bytes changed by them. A plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace hostile {

class seeded {
 public:
  explicit seeded(std::uint64_t seed) : bits_(seed) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(bits_() % bound); }
  bool once_in(std::size_t times) { return below(times) == 0; }
  char byte() { return static_cast<char>(bits_()); }
  std::string bytes(std::size_t count);
  // Mostly small, sometimes at or about a power of two, up to 128 KiB.
  std::size_t size();
  std::string_view among(std::span<const std::string_view> words) { return words[below(words.size())]; }
  std::string_view among(std::initializer_list<std::string_view> words) { return words.begin()[below(words.size())]; }

  // The text with one to four changes: bits, bytes, pieces taken out, doubled, cut off, or words of `dictionary` put
  // in.
  std::string changed(std::string text, std::span<const std::string_view> dictionary);

 private:
  std::mt19937_64 bits_;  // the same on every platform, unlike the distributions
};

}  // namespace hostile
